// The search box of the top bar: `<input data-search="/search/answers" aria-controls="answers">`.
// The address answers ?q= with HTML of `<a role="option" href=… data-panel>` (macro `ui.answer`).
import { openPanel } from "./panel.js";
import { Listbox } from "./listbox.js";

const boxes = new WeakMap();

function boxOf(input) {
  if (!boxes.has(input)) {
    const list = document.getElementById(input.getAttribute("aria-controls"));
    boxes.set(input, new Listbox(input, list, { url: input.dataset.search, least: 2, choose }));
    function choose(option, event) {
      boxes.get(input).close();
      if (event.type === "click") return;
      if (event.metaKey || event.ctrlKey) window.open(option.href);
      else if (option.matches("[data-panel]") && document.getElementById("panel")) openPanel(new URL(option.href).pathname, { from: input });
      else location.assign(option.href);
      input.blur();
    }
  }
  return boxes.get(input);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-search]")) boxOf(target).ask(target.value.trim());
});
document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.("[data-search]") && target.value.trim().length > 1) boxOf(target).ask(target.value.trim(), { now: true });
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (target.matches?.("[data-search]") && !relatedTarget?.closest?.(".answers")) setTimeout(() => boxOf(target).close(), 150);
});
