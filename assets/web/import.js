// Owns the bar of a file that is being read. It must not know what is done with the file.
const part = document.querySelector("[data-progress]");
const bar = part.querySelector("progress");
const LOOK_MS = 400;

async function look() {
  const answer = await fetch(part.dataset.progress, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    const far = await answer.json();
    if (!far.is_reading) return location.reload();
    bar.value = far.share;
    part.querySelector("[data-percent]").textContent = Math.floor(far.share / 10);
    part.querySelector("[data-rows]").textContent = far.rows.toLocaleString(document.documentElement.lang);
  } else if (answer) return location.reload(); // signed out, or the file is gone: the page says so
  setTimeout(look, LOOK_MS);
}

look();
