// A form that is not drawn anew when it is refused: what was typed and chosen stays, and each field says what is wrong
// with it until somebody changes it. Event: `form:faults` {faults: {name: message}} from the answer of the server.
import { icon, toast } from "./toast.js";

export function start(form) {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  form.addEventListener("form:faults", ({ detail }) => show(form, detail.faults), options);
  for (const name of ["input", "change"]) {
    form.addEventListener(name, ({ target }) => target.closest("[data-at-fault]") && forgive(target.closest("[data-at-fault]")), options);
  }
  return () => stop.abort();
}

function show(form, faults) {
  for (const box of form.querySelectorAll("[data-at-fault]")) forgive(box);
  const said = Object.entries(faults).map(([name, message]) => say(form, name, message));
  said.find((input) => input)?.focus();
}

// The message stands below the input and is tied to it; of what the form does not show it is told aside.
function say(form, name, message) {
  const key = CSS.escape(name);
  const box = form.querySelector(`[data-name="${key}"]`) ?? form.querySelector(`[name="${key}"]`)?.closest(".control");
  if (!box) return void toast({ text: message, tone: "bad" });
  const input = box.querySelector("input:not([type=hidden]), select, textarea");
  const note = document.createElement("p");
  note.className = "error";
  note.id = `fault-${name}`;
  note.append(icon("alert-circle"), message);
  box.append(note);
  box.dataset.atFault = input?.getAttribute("aria-describedby") ?? "";
  input?.setAttribute("aria-invalid", "true");
  input?.setAttribute("aria-describedby", note.id);
  return input;
}

function forgive(box) {
  const input = box.querySelector("[aria-invalid]");
  input?.removeAttribute("aria-invalid");
  if (box.dataset.atFault) input?.setAttribute("aria-describedby", box.dataset.atFault);
  else input?.removeAttribute("aria-describedby");
  delete box.dataset.atFault;
  box.querySelector(":scope > .error")?.remove();
}
