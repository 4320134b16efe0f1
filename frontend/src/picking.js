// Records that are selected in a list or on a board, and the bar of what can be done with them. Boxes select, x
// selects the current record, Shift a range, Ctrl or ⌘ a card of a board. The server asks and does the rest.
import { currentItem } from "./keyboard.js";
import { htmx } from "./requests.js";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

class Picking {
  #ids = new Set();
  #all = false;
  #last = null;
  #search = conditions();
  #stop = new AbortController();

  constructor(bar) {
    this.bar = bar;
    this.main = bar.parentElement;
    const options = { signal: this.#stop.signal };
    this.main.addEventListener("click", (event) => this.#click(event), { ...options, capture: true });
    document.addEventListener("keydown", (event) => this.#key(event), { ...options, capture: true });
    document.addEventListener("bulk:done", () => this.clear(), options);
    this.watcher = new MutationObserver(() => this.#changed());
    this.watcher.observe(this.main, { childList: true, subtree: true });
    this.#show();
  }

  stop() {
    this.#stop.abort();
    this.watcher.disconnect();
  }

  get items() {
    return [...this.main.querySelectorAll("[data-items] [data-item][data-id], [data-board] [data-item][data-id]")];
  }

  clear() {
    this.#ids.clear();
    this.#all = false;
    this.#last = null;
    this.#show();
  }

  #click(event) {
    const { target } = event;
    const act = target.closest("[data-bulk]")?.dataset.bulk;
    if (act) return this.#ask(act);
    const merge = target.closest("[data-merge]");
    if (merge) return location.assign(`${merge.dataset.merge}?ids=${[...this.#ids].join(",")}`);
    if (target.closest("[data-unpick]")) return this.clear();
    if (target.closest("[data-pick-shown]")) return this.#pickShown();
    if (target.closest("[data-pick-all]")) {
      this.#pickShown();
      this.#all = true;
      return this.#show();
    }
    if (target.matches("th [data-pick]")) return target.checked ? this.#pickShown() : this.clear();
    const item = target.closest("[data-item][data-id]");
    if (!item) return;
    const box = target.closest("[data-pick]");
    if (!box && !((event.ctrlKey || event.metaKey) && item.matches(".card"))) return;
    if (!box) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.#toggle(item, event.shiftKey);
  }

  #toggle(item, isRange) {
    const chosen = !this.#ids.has(item.dataset.id);
    const items = this.items;
    const [from, to] = [items.findIndex((each) => each.dataset.id === this.#last), items.indexOf(item)].sort((a, b) => a - b);
    for (const each of isRange && from >= 0 ? items.slice(from, to + 1) : [item]) {
      if (chosen) this.#ids.add(each.dataset.id);
      else this.#ids.delete(each.dataset.id);
    }
    this.#last = item.dataset.id;
    this.#all = false;
    this.#show();
  }

  #pickShown() {
    for (const each of this.items) this.#ids.add(each.dataset.id);
    this.#all = false;
    this.#show();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.(TYPING)) return;
    if (document.querySelector("dialog[open], .menu:popover-open")) return;
    const item = currentItem() ?? document.activeElement?.closest?.("[data-item]");
    if (event.code === "KeyX" && item && this.main.contains(item)) {
      event.preventDefault();
      this.#toggle(item, event.shiftKey);
    }
    if (event.key === "Escape" && this.#ids.size && document.getElementById("panel")?.hidden !== false) this.clear();
  }

  // Rows come, go and are renewed; another filter is another list.
  #changed() {
    if (this.#search !== conditions()) {
      this.#search = conditions();
      return this.clear();
    }
    if (this.#ids.size || !this.bar.hidden) this.#show();
  }

  #show() {
    this.watcher?.disconnect();
    for (const item of this.items) {
      const chosen = this.#ids.has(item.dataset.id);
      item.classList.toggle("selected", chosen);
      const box = item.querySelector("[data-pick]");
      if (box) box.checked = chosen;
    }
    const head = this.main.querySelector("th [data-pick]");
    if (head) head.checked = this.#ids.size > 0 && this.items.every((each) => this.#ids.has(each.dataset.id));
    this.bar.hidden = !this.#ids.size;
    const merge = this.bar.querySelector("[data-merge]");
    if (merge) merge.hidden = this.#all || this.#ids.size < 2 || this.#ids.size > Number(merge.dataset.most);
    const all = this.bar.querySelector("[data-pick-all]");
    all.setAttribute("aria-pressed", this.#all);
    this.bar.querySelector("[data-chosen-count]").textContent = this.#all ? all.dataset.label : this.#ids.size;
    const found = document.getElementById("list-totals")?.textContent.split("·")[0].trim();
    this.bar.querySelector("[data-found]").textContent = found ? `(${found})` : "";
    this.watcher?.observe(this.main, { childList: true, subtree: true });
  }

  #ask(act) {
    const url = new URL(this.bar.dataset.picking, location.href);
    for (const [name, value] of new URLSearchParams(conditions())) url.searchParams.append(name, value);
    const values = this.#all ? { bulk_act: act, bulk_all: "1" } : { bulk_act: act, bulk_ids: [...this.#ids].join(",") };
    htmx.ajax("POST", url.pathname + url.search, { target: "#dialog", source: this.bar, values });
  }
}

function conditions() {
  const search = new URLSearchParams(location.search);
  for (const name of ["panel", "after", "new"]) search.delete(name);
  return search.toString();
}

export function start(bar) {
  const picking = new Picking(bar);
  return () => picking.stop();
}
