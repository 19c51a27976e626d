// Owns the page that stands when no store answers: the last wall in short, and the way back as soon as one does.
// It must not claim that anything here is still so.
const place = document.getElementById("last"), list = place.querySelector("ul");
const AGAIN_MS = 5000;

function show() {
  let last = null;
  try { last = JSON.parse(localStorage.getItem("lanelight.wall")); } catch { /* nothing that can be read */ }
  if (!last?.tiles?.length) return;
  const clock = (time) => new Date(time).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  place.querySelector("p").textContent = place.dataset.seen.replace("#", clock(last.at));
  list.replaceChildren(...last.tiles.map(({ title, tone, since }) => {
    const item = document.createElement("li");
    item.className = `tile ${["doubt", "call", "taken", "down", "calm", "unhappy"].includes(tone) ? tone : "calm"}`;
    item.textContent = since ? `${title} · ${clock(since)}` : title;
    return item;
  }));
  place.hidden = false;
}

show();
setInterval(() => fetch("/staff/bell", { cache: "no-store" }).then((answer) => answer.ok && location.reload(), () => {}), AGAIN_MS);
