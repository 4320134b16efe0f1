// Short messages. From the server: HX-Trigger {"toast": {text, tone, undo}}; `undo` is an address to POST to.
import { htmx } from "./requests.js";
import { word } from "./words.js";

const STAYS = 5_000;
const STAYS_WITH_UNDO = 9_000;
const ICONS = { ok: "circle-check", bad: "alert-circle", warn: "alert-triangle" };

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.classList.add("icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(label);
  made.addEventListener("click", act);
  return made;
}

export function toast({ text, tone = "", undo = "", undoLabel = "" }) {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const item = document.createElement("div");
  item.className = `toast ${tone}`;
  item.setAttribute("role", tone === "bad" ? "alert" : "status");
  if (ICONS[tone]) item.append(icon(ICONS[tone]));
  const words = document.createElement("span");
  words.textContent = text;
  item.append(words);

  let timer;
  const leave = () => {
    clearTimeout(timer);
    item.inert = true;
    item.classList.add("leaving");
    setTimeout(() => {
      item.remove();
      if (!region.childElementCount) region.hidePopover();
    }, 200);
  };
  const wait = () => (timer = setTimeout(leave, undo ? STAYS_WITH_UNDO : STAYS));
  if (undo) {
    item.append(button(undoLabel || word("undo"), () => {
      leave();
      htmx.ajax("POST", undo, { swap: "none" });
    }));
  }
  const close = button(icon("x"), leave);
  close.className = "close";
  close.ariaLabel = word("close");
  item.append(close);
  item.addEventListener("pointerenter", () => clearTimeout(timer));
  item.addEventListener("pointerleave", wait);

  while (region.childElementCount > 2) region.firstChild.remove();
  // A popover stands above open dialogs; showing it again brings it to the top.
  if (region.matches(":popover-open")) region.hidePopover();
  region.append(item);
  region.showPopover();
  wait();
}

document.addEventListener("toast", (event) => toast(event.detail));
