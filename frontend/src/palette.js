// The command palette: Ctrl+K (⌘K), or any [data-palette-open]. The server says what there is; here are only the buttons
// of the page, looked for in [data-palette], menus included, and in .bar, and what was chosen lately.
import { Listbox } from "./listbox.js";
import { isPanelOpen } from "./panel.js";
import { ask } from "./requests.js";

const KEPT = 12;
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = document.getElementById("palette-answers");
const kept = `trassa.palette.${dialog?.dataset.person}`;
let buttons = [];

function recent() {
  try {
    return JSON.parse(localStorage.getItem(kept)) ?? [];
  } catch {
    return [];
  }
}

function remember(key) {
  // Buttons belong to a page: elsewhere they are not there.
  if (key.startsWith("press.")) return;
  try {
    localStorage.setItem(kept, JSON.stringify([key, ...recent().filter((each) => each !== key)].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing remembers nothing.
  }
}

const PRESSED = "button:not([type=submit], [data-edit], [data-panel-close]), a[href]:not(.quiet)";
const nameOf = (button) => (button.getAttribute("aria-label") || button.title || button.textContent).replace(/\s+/g, " ").trim();

// What can be pressed on the topmost layer: seen, or inside a menu whose button is seen. What belongs to something, such
// as a card or selected records, comes before what belongs to the page.
function pressable() {
  const root = isPanelOpen() ? document.getElementById("panel") : document.getElementById("main");
  return [...root.querySelectorAll(`:is([data-palette], .bar) :is(${PRESSED})`)].filter((each) => {
    const menu = each.closest("[popover]");
    if (menu && !menu.closest("[data-palette]")) return false;
    const seen = menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : each;
    return seen?.checkVisibility() && !each.disabled && !each.hasAttribute("popovertarget") && !each.matches("[aria-current=page]") && nameOf(each);
  }).sort((one, other) => Boolean(other.closest("[data-palette]")) - Boolean(one.closest("[data-palette]")));
}

function request(text, signal) {
  const body = new URLSearchParams({ q: text });
  for (const key of recent()) body.append("recent", key);
  for (const each of buttons) {
    body.append("press", nameOf(each));
    body.append("of", each.closest("[data-palette]")?.dataset.palette ?? "");
    body.append("words", each.dataset.words ?? "");
  }
  return ask(dialog.dataset.paletteAnswers, { method: "POST", body, signal });
}

function choose(option, event) {
  // Enter is a click: links, htmx and dialogs know what to do with it.
  if (event.type !== "click") return option.click();
  remember(option.dataset.command);
  dialog.close();
  if (option.dataset.press) buttons[option.dataset.press]?.click();
}

function open() {
  buttons = pressable();
  input.value = "";
  dialog.showModal();
  input.focus();
  box.ask("", { now: true });
}

input?.addEventListener("keydown", (event) => {
  if (event.key === "Tab") event.preventDefault();
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.close();
});
const box = dialog && new Listbox(input, list, { least: 0, choose, request, waits: true });
input?.addEventListener("input", () => box.ask(input.value.trim()));

document.addEventListener("click", ({ target }) => target.closest("[data-palette-open]") && open());
document.addEventListener("keydown", (event) => {
  if (!dialog || event.code !== "KeyK" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const covered = document.querySelector("dialog[open]:not(#palette)");
  event.preventDefault();
  if (dialog.open) dialog.close();
  else if (!covered) open();
});
