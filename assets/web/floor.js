// Owns the liveliness of the tablet's pages beside the wall: the list follows the store, a form answers in place.
// It must not decide anything, nor take away what somebody is typing: then the list waits.
const live = document.getElementById("live");
let lastSeen = 0, lastSent = 0, waiting = false, noticeUntil = 0, due = 0;
const REPEAT_MS = 500, NOTICE_MS = 8000, AGAIN_MS = 10000, LANES_MS = 2000;
const busy = () => [...live.querySelectorAll("input[type=text], textarea")].some((field) => field === document.activeElement || field.value !== field.defaultValue) || live.querySelector("details[open]");

function pickers() { for (const row of live.querySelectorAll(".pick")) row.hidden = false; }
// One answer after another: two that change the page at once lose what either put in.
let turn = Promise.resolve();
async function take(answer, isOurs = false) {
  if (answer.status === 401) return location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
  const text = await answer.text();
  if (!answer.ok) return;
  turn = turn.catch(() => {}).then(() => show(text, isOurs));
  await turn;
}
async function show(text, isOurs) {
  const kept = Date.now() < noticeUntil && live.querySelector(".notice")?.outerHTML || "";
  await htmx.swap({ text: kept + text, target: live, sourceElement: live, swap: "innerMorph" });
  pickers();
  if (isOurs && live.querySelector(".notice")) noticeUntil = Date.now() + NOTICE_MS;
}
function refresh() {
  if (!live.dataset.source) return; // a page that is only written on
  if (busy()) { waiting = true; return; }
  waiting = false;
  fetch(live.dataset.source, { headers: { "X-Fragment": "floor" } }).then((answer) => take(answer), () => {});
}
const stream = new EventSource(live.dataset.events);
stream.addEventListener("changed", refresh);
stream.addEventListener("lanes", () => { due ||= setTimeout(() => { due = 0; refresh(); }, LANES_MS); });
stream.addEventListener("signed-out", () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`));
document.addEventListener("focusout", () => { if (waiting) setTimeout(refresh, 0); });
document.addEventListener("toggle", () => { if (waiting) refresh(); }, true);
setInterval(refresh, AGAIN_MS); // a lane that falls silent is no news

document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-pick]");
  if (!pick) return;
  for (const box of pick.closest("form").querySelectorAll("input[type=checkbox]:enabled")) box.checked = pick.dataset.pick === "all";
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-live]");
  if (!form) return;
  event.preventDefault();
  // A second tap on the same spot is a slip; whoever has typed something meant it.
  if (Date.now() - lastSent < REPEAT_MS && !form.querySelector("input[type=text]")) return;
  lastSent = Date.now();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  noticeUntil = 0;
  fetch(event.submitter?.getAttribute("formaction") ?? form.getAttribute("action"), { method: "POST", body, headers: { "X-Fragment": "floor" } })
    .then((answer) => take(answer, true), () => {})
    .then(() => {
      // Beside a notice what was typed stays, to be mended.
      if (!live.querySelector(".notice") && form.isConnected) { form.reset(); const around = form.closest("details"); if (around) around.open = false; }
    });
});
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => {
  if (Date.now() - lastSeen < 60000) return;
  lastSeen = Date.now();
  fetch(live.dataset.seen, { method: "POST", body: new URLSearchParams({ form_token: live.dataset.token }) }).then((answer) => answer.status === 401 && take(answer), () => {});
});
pickers();
