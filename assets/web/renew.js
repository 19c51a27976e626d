// Owns the renewing of a part of a page that somebody looks at. It must not know what the part shows.
const RENEW_MS = 3000;
for (const part of document.querySelectorAll("[data-renew]")) {
  let last = "";
  setInterval(async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(part.dataset.renew, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return; // shown is what was last known; a signed-out page says so when it is touched
    const text = await answer.text();
    if (text !== last) part.innerHTML = last = text;
  }, RENEW_MS);
}
