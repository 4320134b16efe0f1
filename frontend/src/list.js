// A list: a click on a row opens its card; rows that others change are renewed where they stand. Its cells open for
// editing, its heads move and resize, its groups open.
import { Cells } from "./cells.js";
import { Heads } from "./heads.js";
import { ask, htmx } from "./requests.js";
import { topicIs, withIds } from "./topics.js";

const SOON = 60;
// A second click within this time edits the cell instead of opening the card.
const DOUBLE = 220;
const NEWS = ["record:moved", "record:changed", "record:binned", "record:restored", "record:created", "record:gone"];

class List {
  #stale = new Set();
  #timer;
  #opening;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    element.addEventListener("click", (event) => this.#click(event), options);
    for (const name of NEWS) {
      document.addEventListener(name, ({ detail }) => String(detail.type) === element.dataset.type && this.#add(detail.id), options);
    }
    document.addEventListener("trassa:changed", ({ detail }) => this.#changed(detail), options);
    document.addEventListener("bulk:done", () => this.reload(), options);
    document.addEventListener("trassa:missed", () => this.#offer(), options);
    this.cells = new Cells(element, this.#stop.signal);
    this.heads = new Heads(element, this.#stop.signal, (columns, how) => this.#arrange(columns, how));
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#opening);
  }

  row(id) {
    return this.element.querySelector(`tr[data-id="${id}"]`);
  }

  #click({ target }) {
    if (target.closest("[data-fresh]")) return this.reload();
    const group = target.closest("[data-group]");
    if (group) return this.#toggle(group);
    const row = target.closest("tr[data-id]");
    if (!row || target.closest("a, button, input, label, form") || getSelection().toString()) return;
    clearTimeout(this.#opening);
    const waits = this.cells.editable(target.closest("td")) ? DOUBLE : 0;
    this.#opening = setTimeout(() => this.cells.isOpen || row.querySelector("a[data-panel]")?.click(), waits);
  }

  // The first opening fetches the rows by htmx; afterwards they are only shown and hidden.
  #toggle(group) {
    const rows = group.closest("tbody").nextElementSibling;
    rows.hidden = !rows.hidden;
    group.setAttribute("aria-expanded", String(!rows.hidden));
  }

  // Other columns or widths stand in the address; the sign of the saved view follows.
  #arrange(columns, { reloads }) {
    const url = new URL(location.href);
    url.searchParams.set("cols", columns.join(","));
    history.replaceState(history.state, "", url);
    for (const form of document.querySelectorAll("form.bar-filter")) {
      const input = form.querySelector("[name=cols]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "cols" }));
      input.value = columns.join(",");
    }
    this.reload({ keepsRows: !reloads });
  }

  #changed({ topic, id, version }) {
    if (!topicIs(topic, this.element.dataset.type)) return;
    if (id === null) return this.#offer();
    const row = this.row(id);
    if (row && version !== null && Number(row.dataset.version) >= version) return;
    this.#add(id);
  }

  #add(id) {
    this.#stale.add(String(id));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), SOON);
  }

  async #refresh() {
    const ids = [...this.#stale];
    this.#stale.clear();
    const answer = await ask(withIds(this.element.dataset.changes, ids));
    if (!answer?.ok) return;
    const template = document.createElement("template");
    template.innerHTML = await answer.text();
    const fresh = [...template.content.querySelectorAll("tr[data-id]")];
    for (const id of ids) if (!fresh.some((row) => row.dataset.id === id)) this.row(id)?.remove();
    for (const row of fresh) {
      const old = this.row(row.dataset.id);
      if (!old) this.#offer();
      else {
        if (old.querySelector(".cell-form:not([data-busy])")) continue;
        if (old.classList.contains("current")) row.classList.add("current");
        if (old.dataset.version !== row.dataset.version) row.classList.add("changed");
        old.replaceWith(row);
        htmx.process(row);
        this.cells.renewed(old, row);
      }
    }
  }

  // New rows do not push others away from under the pointer: a button offers them.
  #offer() {
    const button = this.element.querySelector("[data-fresh]");
    if (button) button.hidden = false;
    else this.reload();
  }

  // With `keepsRows` only what surrounds the rows is renewed.
  reload({ keepsRows = false } = {}) {
    const url = new URL(location.href);
    url.searchParams.delete("panel");
    htmx.ajax("GET", url.pathname + url.search, { target: this.element, source: this.element, swap: keepsRows ? "none" : "outerHTML" });
  }
}

export function start(element) {
  const list = new List(element);
  return () => list.stop();
}
