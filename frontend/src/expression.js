// A text box for expressions, <textarea data-expression="deal">: completes while one types, underlines what is wrong.
// The server knows the language and what may be named; here is only typing. Without this module it is a plain text box.
//
// data-expects ("condition", "filter") says what the whole must be; data-completions and data-checks are other addresses
// to ask. Ctrl+Space offers what can stand here, Tab and Enter choose, Ctrl+Enter sends the form. Fires `expression:checked` {faulty} after every check.
import { Listbox } from "./listbox.js";
import { ask } from "./requests.js";
import { word } from "./words.js";

const PAUSE = 350;
const GOES_ON = /[.(]$/;
const MOVES = ["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];
let count = 0;

function element(tag, attributes) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

class Editor {
  #timer;
  #asked;
  #stop = new AbortController();

  constructor(input) {
    this.input = input;
    this.#build();
    this.listbox = new Listbox(input, this.list, {
      least: 0,
      inText: true,
      request: (text, signal) => ask(input.dataset.completions ?? `/t/${input.dataset.expression}/completions`, { method: "POST", body: new URLSearchParams({ text, caret: input.selectionStart }), signal }),
      choose: (option) => this.#choose(option.dataset),
    });
    const options = { signal: this.#stop.signal };
    input.addEventListener("input", () => this.#typed(), options);
    input.addEventListener("keydown", (event) => this.#key(event), options);
    input.addEventListener("blur", () => this.listbox.close(), options);
    input.addEventListener("pointerdown", () => this.listbox.close(), options);
    input.addEventListener("scroll", () => this.#follow(), options);
    document.addEventListener("htmx:after:swap", () => this.#revive(), options);
    this.#draw([]);
    if (input.value.trim()) this.#check();
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  // The box gets a frame with the same text behind it, a list below, and a line that says what is wrong.
  #build() {
    const id = `expression-${(count += 1)}`;
    this.frame = element("div", { class: "expression" });
    this.mirror = element("div", { class: "mirror input", "aria-hidden": "true" });
    this.list = element("div", { class: "options", id: `${id}-options`, role: "listbox", hidden: "" });
    this.list.setAttribute("aria-label", word("suggestions"));
    this.note = document.getElementById(this.input.getAttribute("aria-describedby")) ?? element("p", { class: "error", id: `${id}-note`, hidden: "" });
    this.note.setAttribute("role", "status");
    this.#wrap();
  }

  #wrap() {
    const { activeElement } = document;
    this.input.before(this.frame);
    this.frame.append(this.mirror, this.input, this.list);
    if (activeElement === this.input) this.input.focus();
    if (!this.note.isConnected) this.frame.after(this.note);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-describedby": this.note.id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  // A morph of the page brings the plain text box back.
  #revive() {
    if (!this.input.isConnected || this.input.getAttribute("role") === "combobox") return;
    this.#wrap();
    this.#draw([]);
    if (this.input.value.trim()) this.#check();
  }

  #typed() {
    this.#draw([]);
    this.listbox.ask(this.input.value);
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#timer = setTimeout(() => this.#check(), PAUSE);
  }

  #key(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.listbox.ask(this.input.value, { now: true });
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.input.form?.requestSubmit();
    } else if (MOVES.includes(event.key)) this.listbox.close();
  }

  // Typed rather than assigned, so that Ctrl+Z takes it back.
  #choose({ from, to, insert }) {
    this.input.focus();
    this.input.setSelectionRange(Number(from), Number(to));
    if (!document.execCommand("insertText", false, insert)) {
      this.input.setRangeText(insert, Number(from), Number(to), "end");
      this.#typed();
    }
    if (GOES_ON.test(insert)) this.listbox.ask(this.input.value, { now: true });
    else this.listbox.close();
  }

  // What is wrong

  async #check() {
    const text = this.input.value;
    if (!text.trim()) return this.#say([]);
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const body = JSON.stringify({ type: this.input.dataset.expression, text, expects: this.input.dataset.expects ?? null });
    const answer = await ask(this.input.dataset.checks ?? "/api/v1/expressions/check", { method: "POST", body, headers: { "Content-Type": "application/json" }, signal });
    const found = answer?.ok ? await answer.json().catch(() => null) : null;
    if (found && text === this.input.value) this.#say(found.errors);
  }

  #say(errors) {
    const faulty = errors.length > 0;
    this.#draw(errors);
    this.input.setAttribute("aria-invalid", String(faulty));
    this.note.hidden = !faulty;
    this.note.textContent = faulty ? errors[0].message : "";
    this.input.dispatchEvent(new CustomEvent("expression:checked", { bubbles: true, detail: { faulty } }));
  }

  #draw(errors) {
    const text = this.input.value;
    const parts = [];
    let done = 0;
    for (const { start, end } of errors.toSorted((one, other) => one.start - other.start)) {
      if (start < done) continue;
      const fault = document.createElement("u");
      fault.textContent = text.slice(start, end) || "\u2003";
      parts.push(text.slice(done, start), fault);
      done = Math.max(start, end);
    }
    this.mirror.replaceChildren(...parts, text.slice(done), "\u200b");
    this.#follow();
  }

  #follow() {
    this.mirror.scrollTop = this.input.scrollTop;
  }
}

export function start(input) {
  const editor = new Editor(input);
  return () => editor.stop();
}
