// What a search box and a combobox share: ask while typing, move with arrows, choose with Enter.
import { ask, htmx } from "./requests.js";

const PAUSE = 150;

export class Listbox {
  #timer;
  #request;

  // `input` has role=combobox and aria-controls naming `list`; `choose` gets the chosen [role=option].
  constructor(input, list, { url, least = 1, choose }) {
    Object.assign(this, { input, list, url, least, choose });
    input.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerdown", (event) => event.target.closest("a[href]") || event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option, event);
    });
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get active() {
    return this.list.querySelector('[role=option][aria-selected="true"]');
  }

  ask(text, { now = false } = {}) {
    clearTimeout(this.#timer);
    this.#request?.abort();
    if (text.length < this.least) return this.close();
    this.#timer = setTimeout(() => this.#fetch(text), now ? 0 : PAUSE);
  }

  async #fetch(text) {
    this.#request = new AbortController();
    const { signal } = this.#request;
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", text);
    this.list.setAttribute("aria-busy", "true");
    const answer = await ask(url, { signal });
    if (!answer?.ok || signal.aborted) return;
    const html = await answer.text().catch(() => null);
    if (html === null || signal.aborted) return;
    this.list.removeAttribute("aria-busy");
    this.list.innerHTML = html;
    htmx.process(this.list);
    this.options.forEach((option, index) => (option.id ||= `${this.list.id}-${index}`));
    this.open();
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options[0]);
  }

  close() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  mark(option) {
    for (const each of this.options) each.setAttribute("aria-selected", String(each === option));
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (this.list.hidden) return this.ask(this.input.value, { now: true });
      const all = this.options;
      this.mark(all[(all.indexOf(this.active) + step + all.length) % all.length]);
    } else if (event.key === "Enter" && !this.list.hidden && this.active) {
      event.preventDefault();
      this.choose(this.active, event);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") this.close();
  }
}
