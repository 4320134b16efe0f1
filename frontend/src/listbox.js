// What a search box and a combobox share: ask while typing, move with arrows, choose with Enter.
import { ask, htmx } from "./requests.js";

const PAUSE = 150;

export class Listbox {
  #timer;
  #asked;
  #unanswered = false;
  #entered = null;

  // `input` has aria-controls naming `list`; `choose` gets the chosen [role=option]. `request(text, signal)` asks for
  // the answers, by GET of `url` with ?q= unless given. `inText`: options complete a longer text, so Tab chooses too and
  // arrows stay the text's own while the list is closed. `waits`: Enter means the best answer to what is typed, so it
  // waits for one that is on its way.
  constructor(input, list, { url, least = 1, choose, request, inText = false, waits = false }) {
    Object.assign(this, { input, list, url, least, choose, inText, waits, request: request ?? this.#get });
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
    this.#asked?.abort();
    if (text.length < this.least) return this.close();
    this.#unanswered = this.waits;
    this.#entered = null;
    this.#timer = setTimeout(() => this.#fetch(text), now ? 0 : PAUSE);
  }

  async #fetch(text) {
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.list.setAttribute("aria-busy", "true");
    const answer = await this.request(text, signal);
    if (signal.aborted) return;
    if (!answer?.ok) return this.close();
    const html = await answer.text().catch(() => null);
    if (html === null || signal.aborted) return;
    this.list.removeAttribute("aria-busy");
    if (!html.trim()) return this.close();
    this.list.innerHTML = html;
    htmx.process(this.list);
    this.options.forEach((option, index) => (option.id ||= `${this.list.id}-${index}`));
    this.open();
    this.#unanswered = false;
    if (this.#entered && this.active) this.choose(this.active, this.#entered);
  }

  #get(text, signal) {
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", text);
    return ask(url, { signal });
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(this.options[0]);
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#unanswered = false;
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
    if (event.key === "Enter" && this.#unanswered) {
      event.preventDefault();
      this.#entered = event;
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !(this.inText && this.list.hidden)) {
      event.preventDefault();
      if (this.list.hidden) return this.ask(this.input.value, { now: true });
      const all = this.options;
      this.mark(all[(all.indexOf(this.active) + step + all.length) % all.length]);
    } else if ((event.key === "Enter" || (this.inText && event.key === "Tab" && !event.shiftKey)) && !this.list.hidden && this.active) {
      event.preventDefault();
      this.choose(this.active, event);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab") this.close();
  }
}
