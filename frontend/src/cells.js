// Cells of a list that open for editing: a double click, or Enter and e on the cell that the arrows lead to. The
// heads say which columns open; the server sends the same control as the card and takes the value.
import { currentItem, select } from "./keyboard.js";
import { htmx } from "./requests.js";

const COMMITS = "select, input[type=checkbox]:not(fieldset *)";
const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };

export class Cells {
  // Cell → what it showed before it was opened.
  #before = new Map();
  #next = null;

  constructor(list, signal) {
    this.list = list;
    const options = { signal };
    list.addEventListener("dblclick", (event) => this.#doubleClick(event), options);
    list.addEventListener("keydown", (event) => this.#key(event), options);
    list.addEventListener("change", (event) => this.#change(event), options);
    list.addEventListener("focusout", (event) => this.#leave(event), options);
    list.addEventListener("click", (event) => event.target.closest("[data-give-up]") && this.close(event.target.closest("td")), options);
    list.addEventListener("htmx:after:swap", () => this.#focus(), options);
    document.addEventListener("keydown", (event) => this.#editKey(event), options);
  }

  get isOpen() {
    return this.#before.size > 0;
  }

  head(cell) {
    return cell?.closest("table").querySelector("thead tr").cells[cell.cellIndex];
  }

  editable(cell) {
    return this.head(cell)?.hasAttribute("data-editable") ?? false;
  }

  async open(cell) {
    if (!cell || !this.editable(cell) || this.#before.has(cell)) return;
    this.#before.set(cell, cell.innerHTML);
    // The form lies over the cell, which keeps its place: nothing else moves.
    cell.style.height = `${cell.offsetHeight}px`;
    cell.style.minWidth = `${cell.offsetWidth}px`;
    const link = cell.parentElement.querySelector("a[data-panel]");
    const url = `${new URL(link.href).pathname}fields/${this.head(cell).dataset.code}?in=list`;
    await htmx.ajax("GET", url, { target: cell, source: this.list, swap: "innerHTML" });
    if (!cell.querySelector(".cell-form")) this.close(cell);
  }

  // Esc: what was there stands there again, and the cell has the focus.
  close(cell, { keepFocus = true } = {}) {
    if (!this.#before.has(cell)) return;
    cell.innerHTML = this.#before.get(cell);
    this.#before.delete(cell);
    cell.style.height = cell.style.minWidth = "";
    htmx.process(cell);
    if (keepFocus) focusOn(cell);
  }

  // The row was renewed: its cells are others now. Tab goes on where it was heading.
  renewed(row, fresh) {
    for (const cell of [...this.#before.keys()]) if (row.contains(cell)) this.#before.delete(cell);
    const next = this.#next;
    if (next && next.id === fresh.dataset.id) {
      this.#next = null;
      const cell = fresh.cells[next.index];
      if (next.opens) this.open(cell);
      else focusOn(cell);
    }
  }

  #doubleClick(event) {
    const cell = event.target.closest("tr[data-id] > td");
    if (!cell || event.target.closest("a, button, input, form")) return;
    getSelection().removeAllRanges();
    this.open(cell);
  }

  #key(event) {
    const form = event.target.closest(".cell-form");
    if (form) return this.#keyInForm(event, form);
    const cell = event.target.closest("tr[data-id] > td");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target === cell && this.editable(cell)) {
      event.preventDefault();
      event.stopPropagation();
      this.open(cell);
    }
    if (cell && ["ArrowUp", "ArrowDown"].includes(event.key) && event.target === cell) {
      event.preventDefault();
      const row = sibling(cell.parentElement, event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling");
      if (row) {
        select(row);
        focusOn(row.cells[cell.cellIndex]);
      }
    }
  }

  #keyInForm(event, form) {
    const cell = form.closest("td");
    event.stopPropagation();
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      this.close(cell);
    } else if (event.key === "Enter" && event.target.matches("input:not([role=combobox])")) {
      event.preventDefault();
      this.#save(form, { index: cell.cellIndex });
    } else if (event.key === "Tab" && !form.querySelector(".form-actions")) {
      event.preventDefault();
      const index = this.#neighbour(cell, event.shiftKey ? -1 : 1);
      this.#save(form, { index: index ?? cell.cellIndex, opens: index !== null });
    }
  }

  // Left and right from the current row or cell; "e" opens the cell in focus, else the first that opens.
  #editKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open], .menu:popover-open") || event.target.matches?.("input, textarea, select")) return;
    const panel = document.getElementById("panel");
    if (panel && !panel.hidden) return;
    const row = event.target.closest?.("tr[data-id]") ?? currentItem();
    if (!row || !this.list.contains(row)) return;
    const cell = event.target.closest?.("td");
    if (ARROWS[event.key]) {
      event.preventDefault();
      const cells = [...row.cells].filter((each) => !each.matches(".pick"));
      const at = cells.indexOf(cell);
      focusOn(cells[at < 0 ? 0 : Math.min(cells.length - 1, Math.max(0, at + ARROWS[event.key]))]);
    } else if (event.code === "KeyE") {
      event.preventDefault();
      this.open(cell && this.editable(cell) ? cell : [...row.cells].find((each) => this.editable(each)));
    }
  }

  #neighbour(cell, step) {
    const cells = [...cell.parentElement.cells];
    for (let index = cell.cellIndex + step; cells[index]; index += step) if (this.editable(cells[index])) return index;
    return null;
  }

  #change({ target }) {
    const form = target.closest(".cell-form");
    if (form && !form.querySelector(".form-actions") && (target.matches(COMMITS) || target.matches("[data-combobox]:not([data-many])"))) this.#save(form, { index: form.closest("td").cellIndex });
  }

  #leave({ target, relatedTarget }) {
    const form = target.closest(".cell-form");
    if (!form || !document.hasFocus() || form.contains(relatedTarget)) return;
    setTimeout(() => {
      if (!form.isConnected || form.contains(document.activeElement) || form.querySelector(".conflict") || document.querySelector("dialog[open]")) return;
      if (isChanged(form)) this.#save(form);
      else this.close(form.closest("td"), { keepFocus: false });
    });
  }

  #save(form, next = null) {
    if (form.dataset.busy) return;
    const cell = form.closest("td");
    if (!isChanged(form)) {
      this.close(cell);
      if (next?.opens) this.open(cell.parentElement.cells[next.index]);
      return;
    }
    form.dataset.busy = "true";
    this.#next = next && { ...next, id: cell.parentElement.dataset.id };
    form.requestSubmit();
  }

  #focus() {
    for (const cell of this.#before.keys()) {
      const form = cell.querySelector(".cell-form");
      if (!form || form.dataset.before !== undefined) continue;
      form.dataset.before = snapshot(form);
      const input = form.querySelector("[autofocus], .input, input:not([type=hidden])");
      input?.focus();
      if (input?.matches("input[type=text]")) input.select();
    }
  }
}

function focusOn(cell) {
  if (!cell) return;
  cell.tabIndex = -1;
  cell.focus({ preventScroll: false });
}

function sibling(row, way) {
  let found = row[way];
  while (found && !found.matches("tr[data-id]")) found = found[way];
  return found;
}

const snapshot = (form) => new URLSearchParams(new FormData(form)).toString();
const isChanged = (form) => form.dataset.before !== snapshot(form) || form.querySelector('[aria-invalid="true"]') !== null;
