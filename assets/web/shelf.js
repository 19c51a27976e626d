// Owns the freshness of one item's stock on a shopper's phone. It must not be needed: the page says it all without.
const place = document.querySelector("[data-news]");
let news = null;
const listen = () => {
  if (document.hidden) { news?.close(); news = null; return; }
  if (news) return;
  news = new EventSource(place.dataset.news);
  news.addEventListener("stock", (event) => {
    const fresh = document.createElement("p");
    fresh.innerHTML = event.data; // escaped by the server, as the page itself
    if (fresh.innerText.trim() === place.innerText.trim()) return; // a reader is told of what changed alone
    place.replaceChildren(...fresh.childNodes);
    place.classList.toggle("here", Boolean(place.querySelector(".full")));
  });
};
if (place && "EventSource" in window) { document.addEventListener("visibilitychange", listen); listen(); }
