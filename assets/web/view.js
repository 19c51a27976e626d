// Owns how this tablet likes its page: light or dark, for the left or the right hand. Remembered in this browser.
// It must not know what stands on the page. It runs before the page is drawn, so that nothing flashes.
const root = document.documentElement;
const CHOICES = { theme: ["", "light", "dark"], hand: ["", "left", "right"] };

function readView() {
  for (const [name, values] of Object.entries(CHOICES)) {
    const chosen = localStorage.getItem(`lanelight.${name}`) ?? "";
    if (values.includes(chosen) && chosen) root.dataset[name] = chosen;
    else delete root.dataset[name];
  }
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String((root.dataset[button.dataset.view] ?? "") === button.value));
  }
}

readView();
addEventListener("DOMContentLoaded", readView);
addEventListener("storage", readView);
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-view]");
  if (button) {
    localStorage.setItem(`lanelight.${button.dataset.view}`, button.value);
    readView();
  }
  for (const menu of document.querySelectorAll("details.view[open]")) if (!menu.contains(event.target)) menu.open = false;
});
