// Owns the tablet's liveliness: news from the store, ticking waits, and the truth about the connection.
// It must not decide anything: every word and every button comes from the server. ring.js makes the sound.
const live = document.getElementById("live");
const link = document.getElementById("link");
const news = document.getElementById("news");
const QUIET_LIMIT_MS = 15000; // the store says something every 5 s
const WALL_LIMIT_MS = 10000; // a lane that falls silent is no news, yet has to be shown
const BASKETS_MS = 3000; // how old a basket on the wall may be; the mirror follows at once
const RING_AGAIN_S = 15;
const SEND_MS = 8000; // a line that swallows a tap for so long is none
const REPEAT_MS = 500; // a second tap on the same spot is a slip: the button means the next step by then
let lane = new URLSearchParams(location.search).get("lane") ?? "";
const NOTICE_MS = 8000; // a refusal stays long enough to be read, whatever news comes meanwhile
let clockAhead = 0, lastNews = Date.now(), connected = false, stream = null, lastWall = Date.now(), lastSeen = 0, lastSent = 0, noticeUntil = 0;

// What rings, by what it rings for: a call that climbs or is given on has another key, and rings anew.
const calls = () => new Map([...live.querySelectorAll("[data-call], [data-chime]")].map((tile) => [tile.dataset.key ?? tile.id, tile]));
const seen = new Set(); // somebody has looked at it here: it is not repeated before it climbs
const waited = (s) => s < 3600 ? `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}` : `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} m`;
const secondsSince = (tile) => Math.max(0, Math.floor((Date.now() + clockAhead - Date.parse(tile.dataset.since)) / 1000));
const isRound = (age) => age > 0 && age % RING_AGAIN_S === 0;
const readClock = () => { clockAhead = Date.parse(live.querySelector("[data-now]").dataset.now) - Date.now(); };

const notice = () => live.querySelector(":scope > .notice");

// One answer after another: two that change the page at once lose what either put in.
let turn = Promise.resolve();
async function take(answer) {
  if (!stream) return; // an answer that was under way when the sign-in ended
  if (answer.status === 401) return signedOut();
  const told = await answer.text();
  if (!answer.ok) { news.textContent = told; return; }
  const mine = turn.then(() => show(told));
  turn = mine.catch(() => {});
  return mine;
}
// What the answer says beside its wall is returned, and stays long enough to be read.
async function show(wall) {
  if (!stream) return;
  const before = calls(), focused = document.activeElement, holder = focused?.closest("[id]:is(li, aside)"), isTold = /^\s*<p class="notice"/.test(wall);
  if (isTold) noticeUntil = Date.now() + NOTICE_MS;
  const text = (!isTold && Date.now() < noticeUntil && notice()?.outerHTML || "") + wall;
  await htmx.swap({ text, target: live, sourceElement: live, swap: "innerMorph" });
  lastWall = Date.now();
  keepWall();
  readClock();
  tick();
  if (focused && !focused.isConnected) refocus(holder);
  const fresh = [...calls()].filter(([key]) => !before.has(key)).map(([, tile]) => tile.dataset);
  if (fresh.length) {
    news.textContent = fresh.map((each) => each.call ?? each.chime).join(". ");
    ring(fresh.map((each) => each.ring ?? "chime"));
  }
  return isTold ? notice().textContent : "";
}

// The button that had the focus is gone: its tile has another, or else the wall begins anew.
function refocus(holder) {
  const place = holder && document.getElementById(holder.id);
  (place?.querySelector("summary, button, .act a") ?? document.getElementById("wall")).focus();
}

// The mirror alone follows the lane it shows; the wall's other baskets may be some seconds old.
let mirroring = false, mirrorAgain = false, wallDue = 0;
async function mirror(lanes) {
  wallDue ||= setTimeout(refresh, BASKETS_MS);
  const side = document.getElementById("side"), shown = side.dataset.laneShown;
  if (!shown || lanes && !lanes.includes(shown)) return;
  if (mirroring) { mirrorAgain = true; return; }
  mirroring = true;
  const answer = await fetch(`${live.dataset.mirror}?lane=${encodeURIComponent(shown)}`).catch(lost);
  const text = answer?.ok ? await answer.text() : "";
  await (turn = turn.catch(() => {}).then(() => text && stream && side.isConnected && side.dataset.laneShown === shown && htmx.swap({ text, target: side, sourceElement: side, swap: "innerMorph" })));
  mirroring = false;
  if (mirrorAgain) { mirrorAgain = false; mirror(); }
}

let asking = null, askAgain = false;
async function refresh() {
  clearTimeout(wallDue);
  wallDue = 0;
  if (asking) { askAgain = true; return; }
  asking = fetch(`${live.dataset.source}?lane=${encodeURIComponent(lane)}`, { signal: AbortSignal.timeout(SEND_MS) }).then(take).catch(lost).finally(() => { asking = null; });
  await asking;
  if (askAgain) { askAgain = false; refresh(); }
}

function heard() { lastNews = Date.now(); connected = true; showLink(); sendKept(); }
function lost() { connected = false; showLink(); }
function showLink() {
  const words = connected ? link.dataset.on : link.dataset.off.replace("#", `${Math.round((Date.now() - lastNews) / 1000)} s`);
  link.className = connected ? "link on" : "link off";
  live.classList.toggle("old", !connected);
  const place = link.querySelector(".words");
  if (place.textContent !== words) place.textContent = words;
}

function listen() {
  stream?.close();
  stream = new EventSource(live.dataset.events);
  stream.addEventListener("open", () => { heard(); refresh(); });
  stream.addEventListener("changed", () => { heard(); refresh(); });
  stream.addEventListener("lanes", (event) => { heard(); mirror(event.data.split(" ").map(decodeURIComponent)); });
  stream.addEventListener("tick", heard);
  stream.addEventListener("signed-out", signedOut);
  stream.addEventListener("error", () => { lost(); if (stream.readyState === EventSource.CLOSED) setTimeout(() => { refresh(); listen(); }, 3000); });
}

function signedOut() {
  if (!stream) return;
  stream.close();
  stream = null;
  const lost = wipe();
  clearInterval(clock);
  link.className = "link ended";
  link.querySelector(".words").textContent = link.dataset.out;
  live.replaceChildren(document.getElementById("signed-out").content.cloneNode(true));
  live.querySelector(".out").append(...lost.map((each) => Object.assign(document.createElement("p"), { textContent: keptPlace.dataset.dropped.replace("#", each) })));
  const words = document.createElement("script");
  words.src = "/assets/web/bell.js";
  document.head.append(words);
  const bell = document.getElementById("bell");
  new MutationObserver(() => { badge(Number(bell.dataset.open)); ring(); }).observe(bell, { childList: true });
}

function tick() {
  for (const place of live.querySelectorAll("[data-since]")) {
    const words = waited(secondsSince(place));
    if (place.textContent !== words) place.textContent = words;
  }
  const open = [...calls()].filter(([, tile]) => tile.dataset.ring);
  badge(open.length);
  const again = open.filter(([key, tile]) => !seen.has(key) && isRound(secondsSince(tile.querySelector("[data-since]"))));
  if (again.length) ring(again.map(([, tile]) => tile.dataset.ring));
  if (Date.now() - lastNews > QUIET_LIMIT_MS && connected) { lost(); listen(); }
  if (!connected) showLink();
  else if (Date.now() - lastWall > WALL_LIMIT_MS) refresh();
}

// A sentence of the page itself, where a refusal of the store stands.
function say(words) {
  notice()?.remove();
  const place = Object.assign(document.createElement("p"), { className: "notice", textContent: words });
  place.setAttribute("role", "status");
  live.prepend(place);
  noticeUntil = Date.now() + NOTICE_MS;
}
async function send(action, body, words) {
  if (words && keptTaps().length) { keepTap(action, body, words); return sendKept(); } // in the order of the taps
  const answer = await fetch(action, { method: "POST", body, headers: { "X-Fragment": "wall" }, signal: AbortSignal.timeout(SEND_MS) }).catch(() => null);
  if (answer) return take(answer);
  lost();
  if (words) keepTap(action, body, words); else say(keptPlace.dataset.offline);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  if (Date.now() - lastSent < REPEAT_MS) return;
  lastSent = Date.now();
  const action = event.submitter?.getAttribute("formaction") ?? form.action;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  for (const pin of form.querySelectorAll("input[type=password]")) pin.value = ""; // a PIN is typed for one decision
  const folded = form.closest("details");
  if (folded?.contains(document.activeElement)) folded.querySelector("summary").focus();
  folded?.removeAttribute("open");
  noticeUntil = 0;
  send(action, body, form.dataset.kept);
});
document.addEventListener("pointerdown", (event) => {
  const tile = event.target.closest?.("[data-key]");
  if (tile) seen.add(tile.dataset.key);
});
document.addEventListener("click", (event) => {
  const choice = event.target.closest("a[data-lane]");
  if (!choice) return;
  event.preventDefault();
  lane = choice.dataset.lane;
  history.replaceState(null, "", choice.href);
  refresh();
});
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => {
  if (Date.now() - lastSeen < 60000 || !stream) return;
  lastSeen = Date.now();
  fetch(live.dataset.seen, { method: "POST", body: new URLSearchParams({ form_token: live.dataset.token }) }).then((answer) => answer.status === 401 && signedOut(), lost);
});

let clock = 0;
addEventListener("DOMContentLoaded", () => { // kept.js is there by then
  readClock();
  showKept();
  listen();
  clock = setInterval(tick, 1000);
});
