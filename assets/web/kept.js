// Owns the taps made without a connection: kept in order, shown, sent once when the store answers, or dropped with a
// sentence; and the last wall in short, for the page that stands when nothing answers.
// It must not decide what a tap does. Kept are a call's id, its turn and a note; never a PIN, a token or a basket.
const KEPT = "lanelight.kept", WALL = "lanelight.wall";
const KEPT_MS = 600000; // nobody waits ten minutes for an "I'm coming"
const SECRET = new Set(["form_token", "pin"]);
const keptPlace = document.getElementById("kept");
const me = () => live.dataset.me;

function keptTaps() {
  try { return JSON.parse(localStorage.getItem(KEPT)) ?? []; } catch { return []; }
}
function storeTaps(taps) {
  if (taps.length) localStorage.setItem(KEPT, JSON.stringify(taps)); else localStorage.removeItem(KEPT);
  showKept();
}
function showKept() {
  const words = keptTaps().map((tap) => tap.words);
  keptPlace.hidden = !words.length;
  keptPlace.replaceChildren(...words.map((each) => Object.assign(document.createElement("p"), { textContent: keptPlace.dataset.waits.replace("#", each) })));
}
function keepTap(path, body, words) {
  const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  const fields = [...body].filter(([name]) => !SECRET.has(name));
  storeTaps([...keptTaps(), { id, at: Date.now(), by: me(), path, fields, words }]);
}
const forget = (id) => storeTaps(keptTaps().filter((tap) => tap.id !== id));

let sending = false;
async function sendKept() {
  if (sending || !keptTaps().length) return;
  sending = true;
  try {
    // One page of several sends: each tap leaves the list before another could take it up.
    await (navigator.locks?.request("lanelight-kept", { ifAvailable: true }, (lock) => lock && sendAll()) ?? sendAll());
  } finally { sending = false; }
}
async function sendAll() {
  for (let tap = keptTaps()[0]; tap && stream; tap = keptTaps()[0]) {
    if (tap.by !== me() || Date.now() - tap.at > KEPT_MS) {
      forget(tap.id);
      say(keptPlace.dataset.dropped.replace("#", tap.words));
      continue;
    }
    const body = new URLSearchParams([...tap.fields, ["form_token", live.dataset.token]]);
    const answer = await fetch(tap.path, { method: "POST", body, headers: { "X-Fragment": "wall" }, signal: AbortSignal.timeout(SEND_MS) }).catch(() => null);
    if (!answer || answer.status >= 500) return; // sent again later: a step is one step however often it comes
    forget(tap.id);
    const told = await take(answer);
    if (told) say(`${tap.words}: ${told}`);
  }
}

// What the page without a store may show: which lanes, how they stood, since when. No basket, no name, no note.
let wallKeptAt = 0;
function keepWall() {
  if (Date.now() - wallKeptAt < 5000) return;
  wallKeptAt = Date.now();
  const tiles = [...live.querySelectorAll(".tile")].slice(0, 60).map((tile) => ({
    title: tile.querySelector(".what span:last-child").textContent,
    tone: tile.classList[1],
    since: tile.querySelector("[data-since]")?.dataset.since ?? "",
  }));
  localStorage.setItem(WALL, JSON.stringify({ at: Date.now(), tiles }));
}
function wipe() {
  const lost = keptTaps().map((tap) => tap.words);
  localStorage.removeItem(WALL);
  storeTaps([]);
  return lost;
}

addEventListener("storage", (event) => { if (event.key === KEPT) showKept(); });
document.querySelector("form.sign-out").addEventListener("submit", wipe);
navigator.serviceWorker?.register("/staff/worker.js", { scope: "/staff" }).catch(() => {});
