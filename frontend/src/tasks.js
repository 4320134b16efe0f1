// News of tasks: counters of the menu, the task in a pane or on its page. The tasks of a card are renewed with the card.
// Events: `tasks:changed` {id} from answers of the server, `trassa:changed` on the topics work.p5, work.r3, work.d2.
import { countSoon } from "./counters.js";
import { ask, htmx } from "./requests.js";

const SOON = 120;
let timer;

export const isOfTasks = (topic) => /^work\.[prd]\d+$/.test(topic);

function renew() {
  countSoon();
  clearTimeout(timer);
  timer = setTimeout(() => {
    const page = document.querySelector("[data-task-page]");
    if (page) show(page.dataset.taskPage, { gently: true });
  }, SOON);
}

let wanted = "";

// Puts a task into the pane. Gently: the same task again, unless somebody writes there or has a menu open, or nothing
// about it has changed.
export async function show(url, { gently = false } = {}) {
  const pane = document.getElementById("task-pane");
  if (gently && pane.querySelector("textarea:focus, .menu:popover-open")) return;
  wanted = url;
  const answer = await ask(url);
  if (wanted !== url || !pane.isConnected || !answer) return;
  if (!answer.ok) return pane.replaceChildren();
  const template = document.createElement("template");
  template.innerHTML = await answer.text();
  const [old, fresh] = [pane, template.content].map((each) => each.querySelector("[data-task-id]"));
  const isSame = old?.dataset.taskId === fresh?.dataset.taskId && old?.dataset.version === fresh?.dataset.version;
  if (gently && (isSame || pane.querySelector("textarea:focus, .menu:popover-open"))) return;
  const carry = old?.dataset.taskId === fresh?.dataset.taskId ? kept(pane) : () => {};
  pane.replaceChildren(template.content);
  carry();
  htmx.process(pane);
}

// What somebody has written in the pane, and where they stand, is put back into its next version; controls of fields are
// taken over as they are.
function kept(pane) {
  const address = (element) => `${element.name ?? ""} ${element.getAttribute("hx-post") ?? ""}`;
  const fields = [...pane.querySelectorAll("textarea")].map((each) => [each.name, each.value]);
  const inputs = pane.querySelector("[data-inputs]");
  const focused = pane.contains(document.activeElement) ? address(document.activeElement) : null;
  inputs?.removeAttribute("hx-get");
  return () => {
    if (inputs) pane.querySelector("[data-inputs]")?.replaceWith(inputs);
    for (const [name, value] of fields) {
      const field = pane.querySelector(`textarea[name="${CSS.escape(name)}"]`);
      if (field && value) field.value = value;
    }
    if (focused) [...pane.querySelectorAll("input, button")].find((each) => address(each) === focused)?.focus();
  };
}

// A proposed time is taken into its form.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-takes]");
  if (!button) return;
  const { due } = button.closest("form").elements;
  due.value = button.dataset.takes;
  due.focus();
  due.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("tasks:changed", renew);
document.addEventListener("trassa:missed", renew);
document.addEventListener("trassa:changed", ({ detail }) => isOfTasks(detail.topic) && renew());
