// A slider over the moments at which a card changed: says at once which one it is, then fetches the card as of it.
// A later move takes the place of a request that is still under way; the address follows.
import { renamePanel } from "./panel.js";
import { htmx } from "./requests.js";

const PAUSE = 120;

class Course {
  #timer;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    element.addEventListener("input", () => this.#moved(), options);
    element.addEventListener("click", (event) => this.#step(event.target.closest("[data-step]")), options);
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  get slider() {
    return this.element.querySelector("input");
  }

  #step(button) {
    if (!button) return;
    this.slider.stepUp(Number(button.dataset.step));
    this.#moved();
  }

  #moved() {
    const { asOf, words } = this.element.querySelectorAll("option")[this.slider.valueAsNumber].dataset;
    this.slider.setAttribute("aria-valuetext", words);
    this.element.parentElement.querySelector("output").textContent = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(asOf), PAUSE);
  }

  #show(asOf) {
    const path = `${this.element.dataset.time}?as_of=${encodeURIComponent(asOf)}`;
    if (this.element.closest("#panel")) renamePanel(path);
    else history.replaceState(history.state, "", path);
    htmx.ajax("GET", path, { target: `#${this.element.closest("[data-card]").id}`, swap: "outerMorph", source: `#${this.slider.id}`, sync: "replace" });
  }
}

export function start(element) {
  const course = new Course(element);
  return () => course.stop();
}
