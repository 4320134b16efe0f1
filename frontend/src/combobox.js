// A field that names another record or a person, found while typing (macro `ui.combobox`).
//
// [data-combobox] holds input[role=combobox] with data-url, a list [role=listbox] and, by name, hidden inputs with
// ids. Options carry data-value and data-label. data-many keeps several as chips. Fires `change` when changed.
import { Listbox } from "./listbox.js";
import { word } from "./words.js";
import { icon } from "./toast.js";

const boxes = new WeakMap();
const textOf = (option) => option.dataset.label ?? option.textContent.trim();

function hiddenInput(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

class Combobox {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("[role=combobox]");
    this.name = root.dataset.combobox;
    this.many = root.hasAttribute("data-many");
    this.picked = root.querySelector(".picked");
    const list = root.querySelector("[role=listbox]");
    this.listbox = new Listbox(this.input, list, { url: this.input.dataset.url, least: 0, choose: (option) => this.choose(option) });
  }

  get value() {
    return this.root.querySelector(`input[type=hidden][name="${CSS.escape(this.name)}"]`);
  }

  choose(option) {
    const { value } = option.dataset;
    if (this.many) this.add(value, textOf(option));
    else {
      this.value.value = value;
      this.input.value = textOf(option);
      this.input.dataset.label = this.input.value;
    }
    this.listbox.close();
    this.changed();
  }

  add(value, label) {
    this.input.value = "";
    const taken = [...this.picked.querySelectorAll("input")].some((input) => input.value === value);
    if (taken) return;
    const chip = document.createElement("span");
    chip.className = "chip accent";
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "remove", ariaLabel: word("remove") });
    remove.dataset.unpick = "";
    remove.append(icon("x"));
    chip.append(label, hiddenInput(this.name, value), remove);
    this.picked.append(chip);
  }

  // Text that names nothing goes back to what was chosen; an emptied field means nobody.
  settle() {
    this.listbox.close();
    if (this.many) return void (this.input.value = "");
    if (this.input.value.trim() || !this.value.value) this.input.value = this.value.value ? (this.input.dataset.label ?? "") : "";
    else {
      this.value.value = "";
      this.input.dataset.label = "";
      this.changed();
    }
  }

  changed() {
    this.root.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function boxOf(element) {
  const root = element.closest?.("[data-combobox]");
  if (!root) return null;
  if (!boxes.has(root)) boxes.set(root, new Combobox(root));
  return boxes.get(root);
}

document.addEventListener("input", ({ target }) => {
  if (target.role === "combobox") boxOf(target)?.listbox.ask(target.value.trim());
});
document.addEventListener("focusin", ({ target }) => {
  if (target.role === "combobox" && boxOf(target)) target.select();
});
document.addEventListener("click", ({ target }) => {
  const remove = target.closest("[data-unpick]");
  if (remove) {
    const box = boxOf(remove);
    remove.closest(".chip").remove();
    box.input.focus();
    box.changed();
  } else if (target.role === "combobox") boxOf(target)?.listbox.ask(target.value === target.dataset.label ? "" : target.value.trim(), { now: true });
});
document.addEventListener("focusout", ({ target }) => {
  if (target.role === "combobox") boxOf(target)?.settle();
});
document.addEventListener("keydown", (event) => {
  const box = event.target.role === "combobox" && boxOf(event.target);
  if (box?.many && event.key === "Backspace" && !event.target.value && box.picked.lastElementChild) {
    box.picked.lastElementChild.remove();
    box.changed();
  }
});
