// Owns what of the tablet stands without a store: its files, and a page that says so. SHELL and VERSION come before it.
// It must not keep an answer about people, calls or baskets: those are fetched or not shown.
const CACHE = `lanelight-tablet-${VERSION}`;
const OFFLINE = "/staff/offline";
const ANSWER_MS = 8000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("lanelight-tablet-") && name !== CACHE;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate" && url.pathname !== "/staff/events") {
    event.respondWith(fetch(request, { signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => caches.match(OFFLINE)));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(fetch(request).catch(async () => await caches.match(request, { ignoreSearch: true }) ?? Response.error()));
  }
});
