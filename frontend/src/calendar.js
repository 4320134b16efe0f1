// A calendar: a record dragged to another day, or moved there with Alt and the arrows, has that date from then on.
import Sortable from "sortablejs";
import { ask, htmx } from "./requests.js";
import { topicIs } from "./topics.js";

const SOON = 300;
const NEWS = ["record:changed", "record:moved", "record:created", "record:binned", "record:restored", "record:gone", "bulk:done", "trassa:missed"];
const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

class Calendar {
  #timer;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    this.sortables = this.days.map((day) => this.#sortable(day));
    const options = { signal: this.#stop.signal };
    for (const name of NEWS) document.addEventListener(name, () => this.#later(), options);
    document.addEventListener("trassa:changed", ({ detail }) => topicIs(detail.topic, element.dataset.type) && this.#later(), options);
    element.addEventListener("keydown", (event) => this.#key(event), options);
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    for (const each of this.sortables) each.destroy();
  }

  get days() {
    return [...this.element.querySelectorAll("[data-day]")];
  }

  #sortable(day) {
    return new Sortable(day, {
      group: "days",
      sort: false,
      draggable: ".event:not([data-fixed])",
      animation: 140,
      delay: 180,
      delayOnTouchOnly: true,
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      onEnd: ({ item, from, to }) => from !== to && this.#move(item, to.dataset.day),
    });
  }

  #key(event) {
    const item = event.target.closest(".event:not([data-fixed])");
    const by = DAYS[event.key];
    if (!item || !by || !event.altKey) return;
    event.preventDefault();
    const days = this.days;
    const to = days[days.indexOf(item.closest("[data-day]")) + by];
    if (!to) return;
    to.append(item);
    item.focus();
    this.#move(item, to.dataset.day);
  }

  // The server answers with news, and the days are fetched again; a refusal puts the record back by that too.
  async #move(item, day) {
    const { fields, code } = this.element.dataset;
    const { id, version, time } = item.dataset;
    const values = { version, shown: code, [code]: time ? `${day}T${time}` : day };
    await htmx.ajax("POST", `${fields}${id}/fields/${code}/save?in=list`, { values, source: item, target: "#dialog", swap: "innerHTML" });
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#reload(), SOON);
  }

  async #reload() {
    if (!this.element.isConnected || this.element.querySelector(".sortable-chosen")) return;
    const answer = await ask(this.element.dataset.url, { headers: { "HX-Target": "div#calendar" } });
    if (!answer?.ok) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    const fresh = template.content.querySelector("[data-calendar] tbody");
    const old = this.element.querySelector("tbody");
    if (!fresh) return;
    const focused = document.activeElement?.closest(".event")?.dataset.id;
    for (const each of this.sortables) each.destroy();
    old.replaceWith(fresh);
    htmx.process(fresh);
    this.sortables = this.days.map((each) => this.#sortable(each));
    if (focused) this.element.querySelector(`.event[data-id="${focused}"]`)?.focus();
  }
}

export function start(element) {
  const calendar = new Calendar(element);
  return () => calendar.stop();
}
