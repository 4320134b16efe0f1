// Keys for what people do most. Any element takes a key by data-key="c": pressing it clicks (or focuses) it;
// the topmost layer wins: open dialog, then panel, then page. j and k walk over [data-item]s, Enter opens.
import { closePanel, isPanelOpen, openPanel } from "./panel.js";

const CURRENT = "current";
const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]:not([contenteditable=false])";

// By position on the keyboard, so that a Russian layout works as well.
function keyOf(event) {
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) return "?";
  if (event.key === "/" || event.code === "Slash") return "/";
  if (/^Key[A-Z]$/.test(event.code)) return event.code[3].toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

const layer = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? null;

function keyed(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const roots = layer() ? [layer()] : [isPanelOpen() && document.getElementById("panel"), document];
  for (const root of roots.filter(Boolean)) {
    const found = [...root.querySelectorAll(selector)].find((each) => !each.disabled && each.checkVisibility());
    if (found) return found;
  }
  return null;
}

export const currentItem = () => document.querySelector(`[data-item].${CURRENT}`);

export function select(item) {
  if (!item) return;
  for (const each of document.querySelectorAll(`[data-item].${CURRENT}`)) each.classList.remove(CURRENT);
  item.classList.add(CURRENT);
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
  const link = item.querySelector("a[href]");
  if (isPanelOpen() && link?.matches("[data-panel]")) openPanel(new URL(link.href).pathname + new URL(link.href).search, { replace: true });
  else link?.focus({ preventScroll: true });
  item.dispatchEvent(new CustomEvent("item:selected", { bubbles: true }));
}

function step(by) {
  const from = currentItem() ?? document.activeElement?.closest?.("[data-item]");
  const scope = from?.closest("[data-items]") ?? document;
  const all = [...scope.querySelectorAll("[data-item]")].filter((each) => each.checkVisibility());
  select(from ? all[all.indexOf(from) + by] : all[0]);
}

const ACTIONS = {
  "?": () => document.getElementById("help")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  Enter: () => currentItem()?.querySelector("a[href]")?.click(),
  Escape: () => (isPanelOpen() ? closePanel() : clear()),
};

function clear() {
  for (const each of document.querySelectorAll(`[data-item].${CURRENT}`)) each.classList.remove(CURRENT);
  document.dispatchEvent(new CustomEvent("items:cleared"));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (target.matches?.(TYPING)) {
    // A menu that Esc closes gives the focus back by itself, but only while it has it.
    if (event.key === "Escape" && !layer() && !target.closest(".menu")) target.blur();
    return;
  }
  if (event.key === "Escape" && (layer() || document.querySelector(".menu:popover-open"))) return;
  if (event.key === "Enter" && target !== document.body && target !== document.getElementById("panel")) return;
  const key = keyOf(event);
  const element = keyed(key);
  if (element) {
    event.preventDefault();
    if (element.matches(TYPING)) {
      element.focus();
      element.select?.();
    } else element.click();
  } else if (!layer() && ACTIONS[key]) {
    event.preventDefault();
    ACTIONS[key]();
  }
});
