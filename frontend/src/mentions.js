// Naming people in a comment: behind an @ the people who see the card are offered, by name or login.
//
// [data-mentions] is the address to ask; it holds the text box and the list. Enter and Tab choose.
import { Listbox } from "./listbox.js";
import { ask } from "./requests.js";

const NAMED = /(?<![\p{L}\p{N}_.@+-])@([\p{L}\p{N}_.+-]{0,40})$/u;

// A text box is a combobox only while it offers something.
class People extends Listbox {
  open() {
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-autocomplete", "list");
    super.open();
  }

  close() {
    super.close();
    for (const name of ["role", "aria-expanded", "aria-controls", "aria-autocomplete"]) this.input.removeAttribute(name);
  }
}

export function start(root) {
  const input = root.querySelector("textarea");
  const typed = () => NAMED.exec(input.value.slice(0, input.selectionStart))?.[1];
  const people = new People(input, root.querySelector("[role=listbox]"), {
    least: 0,
    inText: true,
    request: (text, signal) => {
      const url = new URL(root.dataset.mentions, location.href);
      url.searchParams.set("q", text);
      return ask(url, { signal });
    },
    choose: ({ dataset }) => {
      const begun = typed();
      people.close();
      if (begun === undefined) return;
      input.focus();
      input.setSelectionRange(input.selectionStart - begun.length, input.selectionStart);
      // Typed rather than assigned, so that Ctrl+Z takes it back.
      if (!document.execCommand("insertText", false, `${dataset.value} `)) input.setRangeText(`${dataset.value} `, input.selectionStart, input.selectionEnd, "end");
    },
  });
  const follow = () => {
    const begun = typed();
    if (begun === undefined) people.close();
    else people.ask(begun);
  };
  input.addEventListener("input", follow);
  input.addEventListener("blur", () => people.close());
  input.addEventListener("pointerdown", () => people.close());
  return () => people.close();
}
