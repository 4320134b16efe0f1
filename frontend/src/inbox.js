// The inbox: a list beside the task that is chosen in it. j and k choose, a click shows the task in the pane, Enter
// opens it beside its card; where there is no room for a pane, a click opens it as well. What others do is followed.
import { select } from "./keyboard.js";
import { htmx } from "./requests.js";
import { isOfTasks, show } from "./tasks.js";

const SOON = 150;
const MINUTE = 60_000;

class Inbox {
  #timer;
  #reading;
  #shown = "";
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    element.addEventListener("click", (event) => this.#click(event), options);
    element.addEventListener("item:selected", ({ target }) => this.#later(target), options);
    element.addEventListener("htmx:after:swap", () => this.#mark(), options);
    for (const name of ["tasks:changed", "trassa:missed"]) document.addEventListener(name, () => this.#renew(), options);
    document.addEventListener("trassa:changed", ({ detail }) => isOfTasks(detail.topic) && this.#renew(), options);
    this.clock = setInterval(() => document.hidden || this.#renew(), MINUTE);
  }

  stop() {
    this.#stop.abort();
    clearInterval(this.clock);
    clearTimeout(this.#timer);
  }

  get pane() {
    return this.element.querySelector(".pane");
  }

  get hasRoom() {
    return this.pane.checkVisibility();
  }

  item(url) {
    return this.element.querySelector(`a[data-task][href="${CSS.escape(url)}"]`)?.closest("[data-item]");
  }

  // A click by a key has no count: Enter opens the page.
  #click(event) {
    const link = event.target.closest("a[data-task]");
    if (!link || !event.detail || !this.hasRoom || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    select(link.closest("[data-item]"));
  }

  #later(item) {
    clearTimeout(this.#reading);
    const url = item.querySelector("a[data-task]")?.getAttribute("href");
    if (url && this.hasRoom) this.#reading = setTimeout(() => this.#show(url), SOON);
  }

  #show(url) {
    this.#shown = url;
    show(url);
  }

  // The list is drawn anew around what is chosen; when that went, the next one takes its place.
  #renew() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const list = this.element.querySelector("#inbox-list");
      const place = this.#place();
      await htmx.ajax("GET", list.dataset.url, { target: list, source: list, swap: "outerMorph" });
      const item = this.#shown && this.item(this.#shown);
      if (item) return show(this.#shown, { gently: true });
      if (!this.#shown) return;
      this.#shown = "";
      const next = this.items[Math.min(place, this.items.length - 1)];
      if (next) select(next);
      else this.pane.replaceChildren();
    }, SOON);
  }

  get items() {
    return [...this.element.querySelectorAll("[data-item]")];
  }

  #place() {
    return this.items.indexOf(this.item(this.#shown));
  }

  #mark() {
    if (!this.#shown) return;
    for (const each of this.items) each.classList.toggle("current", each === this.item(this.#shown));
  }
}

export function start(element) {
  const inbox = new Inbox(element);
  return () => inbox.stop();
}
