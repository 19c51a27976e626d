// Owns the one line under the sign-in form: how many calls are open. It must not know what they are about.
for (const kept of ["lanelight.kept", "lanelight.wall"]) localStorage.removeItem(kept); // nobody is signed in
const bell = document.getElementById("bell");

async function readBell() {
  const answer = await fetch(bell.dataset.bell, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const { open } = await answer.json();
  bell.dataset.open = open;
  const words = open === 0 ? bell.dataset.none : open === 1 ? bell.dataset.one : bell.dataset.many;
  const sentence = words.replace("#", open);
  if (bell.textContent !== sentence) bell.textContent = sentence;
}

readBell();
setInterval(readBell, 5000);
