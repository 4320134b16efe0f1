// Heads of a list: their edges resize a column, a head dragged to another place moves it. Both only change `cols` in
// the address; the saved view keeps them when its change is saved.
const FIRST = 40;
const LAST = 900;
const STEP = 16;

export class Heads {
  #dragged = null;

  constructor(list, signal, changed) {
    this.list = list;
    this.changed = changed;
    const options = { signal };
    for (const head of this.heads) this.#prepare(head);
    list.addEventListener("pointerdown", (event) => this.#grab(event), options);
    list.addEventListener("keydown", (event) => this.#key(event), options);
    list.addEventListener("dragstart", (event) => this.#drag(event), options);
    list.addEventListener("dragover", (event) => this.#over(event), options);
    list.addEventListener("drop", (event) => this.#drop(event), options);
    list.addEventListener("dragend", () => this.#end(), options);
  }

  get heads() {
    return [...this.list.querySelectorAll("th[data-code]")];
  }

  get columns() {
    return [...this.list.querySelectorAll("col")].slice(-this.heads.length);
  }

  #prepare(head) {
    head.draggable = true;
    const edge = document.createElement("span");
    edge.className = "edge";
    edge.setAttribute("aria-hidden", "true");
    head.append(edge);
  }

  // Widths are attributes of <col>: the policy of the page forbids styles.
  #fix() {
    const table = this.list.querySelector("table");
    if (table.matches(".sized")) return;
    const group = document.createElement("colgroup");
    for (const head of table.querySelectorAll("thead th")) {
      const column = document.createElement("col");
      column.width = Math.round(head.getBoundingClientRect().width);
      group.append(column);
    }
    table.prepend(group);
    table.classList.add("sized");
  }

  #resize(head, width) {
    this.columns[this.heads.indexOf(head)].width = Math.min(LAST, Math.max(FIRST, Math.round(width)));
  }

  #grab(event) {
    const edge = event.target.closest(".edge");
    if (!edge) return;
    event.preventDefault();
    const head = edge.closest("th");
    this.#fix();
    const from = event.clientX;
    const width = Number(this.columns[this.heads.indexOf(head)].width);
    head.draggable = false;
    edge.classList.add("held");
    edge.setPointerCapture(event.pointerId);
    const move = ({ clientX }) => this.#resize(head, width + clientX - from);
    const end = () => {
      edge.removeEventListener("pointermove", move);
      edge.classList.remove("held");
      head.draggable = true;
      if (Number(this.columns[this.heads.indexOf(head)].width) !== width) this.#tell();
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", end, { once: true });
    edge.addEventListener("pointercancel", end, { once: true });
  }

  // On a head in focus: Shift and the arrows resize, Alt and the arrows move.
  #key(event) {
    const head = event.target.closest("th[data-code]");
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!head || !by || !(event.shiftKey || event.altKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) {
      this.#fix();
      this.#resize(head, Number(this.columns[this.heads.indexOf(head)].width) + by * STEP);
      return this.#tell();
    }
    const codes = this.#codes();
    const at = this.heads.indexOf(head);
    if (!codes[at + by]) return;
    [codes[at], codes[at + by]] = [codes[at + by], codes[at]];
    this.changed(codes, { reloads: true });
  }

  #drag(event) {
    const head = event.target.closest?.("th[data-code]");
    if (!head) return;
    this.#dragged = head;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", head.dataset.code);
  }

  #over(event) {
    const head = event.target.closest?.("th[data-code]");
    if (!this.#dragged || !head) return;
    event.preventDefault();
    for (const each of this.heads) each.classList.toggle("over", each === head);
  }

  #drop(event) {
    const head = event.target.closest?.("th[data-code]");
    const dragged = this.#dragged;
    if (!dragged || !head || head === dragged) return;
    event.preventDefault();
    const codes = this.#codes();
    const [moved] = codes.splice(this.heads.indexOf(dragged), 1);
    codes.splice(this.heads.indexOf(head), 0, moved);
    this.changed(codes, { reloads: true });
  }

  #end() {
    this.#dragged = null;
    for (const each of this.heads) each.classList.remove("over");
  }

  #codes() {
    const columns = this.columns;
    return this.heads.map((head, index) => (columns[index] ? `${head.dataset.code}:${columns[index].width}` : head.dataset.code));
  }

  #tell() {
    this.changed(this.#codes(), { reloads: false });
  }
}
