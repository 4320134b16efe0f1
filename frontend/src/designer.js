// The designer of types: kinds and fields are dragged onto the card. Everything here can also be done by clicks and keys,
// through forms that the server draws; a drop fills the form [data-drop-form] and sends it.
import Sortable from "sortablejs";
import { htmx } from "./requests.js";

class Designer {
  #stop = new AbortController();
  #sortables = [];

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    document.addEventListener("htmx:after:swap", () => this.#refresh(), options);
    element.addEventListener("submit", (event) => this.#keep(event), { ...options, capture: true });
    this.#refresh();
  }

  stop() {
    this.#stop.abort();
    for (const each of this.#sortables) each.destroy();
  }

  // Enter in an input has already sent its form by leaving it changed; a form with hx-post never loads a page.
  #keep(event) {
    if (event.target.hasAttribute("hx-post")) document.activeElement?.blur();
  }

  #refresh() {
    for (const each of this.#sortables) each.destroy();
    const lists = [...document.querySelectorAll("[data-fields]")];
    this.#sortables = lists.map((list) => this.#fields(list));
    const kinds = document.querySelector("[data-kinds]");
    if (kinds) this.#sortables.push(this.#kinds(kinds));
    const name = document.querySelector("[data-fresh]");
    if (name && name.dataset.fresh !== this.fresh) {
      name.focus();
      name.select();
    }
    this.fresh = name?.dataset.fresh;
  }

  #fields(list) {
    return new Sortable(list, {
      group: { name: "fields", put: ["fields", "kinds"] },
      draggable: "[data-code]",
      animation: 140,
      delay: 180,
      delayOnTouchOnly: true,
      onEnd: ({ item, to, newDraggableIndex }) => this.#send({ edit: "place-field", code: item.dataset.code }, to, newDraggableIndex),
      onAdd: ({ item, to, newIndex }) => {
        if (!item.dataset.kind) return;
        this.#send({ edit: "add-field", kind: item.dataset.kind }, to, newIndex);
        item.remove();
      },
    });
  }

  #kinds(list) {
    return new Sortable(list, { group: { name: "kinds", pull: "clone", put: false }, draggable: "[data-kind]", sort: false, delay: 180, delayOnTouchOnly: true });
  }

  #send(values, list, at) {
    const form = document.querySelector("[data-drop-form]");
    const all = { ...values, tab: list.dataset.tab, section: list.dataset.section, at };
    htmx.ajax("POST", form.getAttribute("hx-post"), { target: "#designer", swap: "outerMorph", values: { ...all, revision: form.elements.revision.value } });
  }
}

export function start(element) {
  const designer = new Designer(element);
  return () => designer.stop();
}
