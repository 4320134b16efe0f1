// How much waits behind places of the menu and the bell: all that stands on the page in one request, after the page,
// every minute while somebody looks, and when tasks or notices change. An element says which: `data-count="inbox"`;
// `data-count-words` is what is read aloud, with %s for the count.
import { ask } from "./requests.js";

const SOON = 120;
const MINUTE = 60_000;
let timer;
let asked = 0;

const places = () => [...document.querySelectorAll("[data-count]")];

function draw(place, { text, hot }) {
  place.hidden = !text;
  place.textContent = text;
  place.classList.toggle("hot", hot);
  if (place.dataset.countWords) place.nextElementSibling.textContent = text && place.dataset.countWords.replace("%s", text);
}

async function renew() {
  clearTimeout(timer);
  const here = places();
  const { counts } = document.body.dataset;
  if (!here.length || !counts) return;
  const number = ++asked;
  for (const place of here) place.dataset.counted = "";
  const answer = await ask(`${counts}?${new URLSearchParams(here.map((place) => ["key", place.dataset.count]))}`);
  if (!answer?.ok || number !== asked) return;
  const found = await answer.json();
  for (const place of places()) if (found[place.dataset.count]) draw(place, found[place.dataset.count]);
}

export function countSoon() {
  clearTimeout(timer);
  timer = setTimeout(renew, SOON);
}

// A page that came in place of another one has not been counted yet.
document.addEventListener("htmx:after:swap", () => document.querySelector("[data-count]:not([data-counted])") && countSoon());
document.addEventListener("trassa:missed", countSoon);
document.addEventListener("visibilitychange", () => document.hidden || countSoon());
setInterval(() => document.hidden || renew(), MINUTE);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", renew);
else renew();
