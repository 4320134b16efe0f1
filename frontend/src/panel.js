// The side panel: `<a href="/cards/7" data-panel>` opens that page's fragment over what is on the screen.
//
// The address becomes `?panel=/cards/7` of the page below, so reload, sharing and Back work. Only answers
// marked by the server as fragments (header Trassa-Fragment) are shown; anything else is opened as a page.
// Closing returns the focus. Events on document: panel:opened, panel:closed with {url}.
import { htmx } from "./requests.js";

const PARAMETER = "panel";
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled):not([type="hidden"]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';
const CONTENT = "panel-content";

let opener = null;
let shownUrl = "";
let pageBelow = below(location.href);

const panel = () => document.getElementById("panel");
export const panelUrl = () => shownUrl;
export const isPanelOpen = () => Boolean(shownUrl);

// Only our own paths: "//elsewhere" and "https:…" are not.
function wanted() {
  const path = new URL(location.href).searchParams.get(PARAMETER) ?? "";
  return /^\/(?![/\\])/.test(path) ? path : "";
}

function below(address) {
  const url = new URL(address, location.href);
  url.searchParams.delete(PARAMETER);
  return url.pathname + url.search;
}

function address(path) {
  const base = below(location.href);
  return path ? `${base}${base.includes("?") ? "&" : "?"}${PARAMETER}=${encodeURIComponent(path).replaceAll("%2F", "/")}` : base;
}

export function openPanel(path, { replace = false, from = document.activeElement } = {}) {
  const depth = history.state?.panel ?? 0;
  if (!isPanelOpen()) opener = from;
  if (path !== wanted()) {
    if (replace && isPanelOpen()) history.replaceState({ htmx: true, panel: depth }, "", address(path));
    else {
      // Stamped, so that htmx leaves the entry alone and Back to it comes to us.
      if (!history.state?.htmx) history.replaceState({ ...history.state, htmx: true }, "");
      history.pushState({ htmx: true, panel: depth + 1 }, "", address(path));
    }
  }
  return show(path);
}

// The same content under another address: a card at another of its tabs.
export function renamePanel(path) {
  shownUrl = path;
  history.replaceState(history.state, "", address(path));
}

export function closePanel() {
  if (!isPanelOpen()) return;
  const depth = history.state?.panel;
  // The popstate that follows hides it; hidden before, it would lose the focus to the browser's own reset.
  if (depth) return history.go(-depth);
  history.replaceState({ htmx: true }, "", address(""));
  hide();
}

async function show(path) {
  const element = panel();
  if (!element) return location.assign(path);
  shownUrl = path;
  element.hidden = false;
  element.classList.add("waiting");
  markOpen(path);
  await htmx.ajax("GET", path, { target: `#${CONTENT}`, swap: "innerHTML", source: `#${CONTENT}`, sync: "replace" });
  element.classList.remove("waiting");
  if (shownUrl !== path) return;
  element.querySelector(`#${CONTENT}`).scrollTop = 0;
  if (!element.contains(document.activeElement)) element.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("panel:opened", { detail: { url: path } }));
}

function hide() {
  const element = panel();
  const url = shownUrl;
  shownUrl = "";
  if (!element || element.hidden) return;
  element.hidden = true;
  element.querySelector(`#${CONTENT}`).replaceChildren();
  markOpen("");
  const link = url && document.querySelector(`[data-panel][href="${CSS.escape(url.split("?")[0])}"]`);
  // Back to the card last seen; to what opened the panel when the page below does not show that card.
  const isOpeners = opener?.isConnected && (!link || opener.getAttribute("href") === url.split("?")[0]);
  (isOpeners ? opener : link)?.focus?.({ preventScroll: true });
  opener = null;
  document.dispatchEvent(new CustomEvent("panel:closed", { detail: { url } }));
}

// The item whose card is open stays marked in the board or the list.
function markOpen(path) {
  for (const link of document.querySelectorAll("[data-panel]")) {
    const item = link.closest("[data-item]");
    // A row may name other records as well; its first link is its own.
    if (item?.querySelector("[data-panel]") !== link) continue;
    item.classList.toggle("current", Boolean(path) && new URL(link.href).pathname === path.split("?")[0]);
  }
}

function follow() {
  const path = wanted();
  if (path === shownUrl) return;
  if (path) show(path);
  else hide();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-panel-close]")) return closePanel();
  const link = event.target.closest("a[data-panel]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || !panel()) return;
  event.preventDefault();
  openPanel(new URL(link.href).pathname + new URL(link.href).search, { from: link });
});

document.addEventListener("keydown", (event) => {
  const element = panel();
  if (event.key !== "Tab" || !element?.contains(document.activeElement)) return;
  const all = [...element.querySelectorAll(FOCUSABLE)].filter((each) => each.checkVisibility());
  const last = event.shiftKey ? all[0] : all.at(-1);
  const outside = document.activeElement === element && event.shiftKey;
  if (document.activeElement !== last && !outside) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
});

// What is not a fragment (sign-in, an uploaded file, a whole page) is never put into the panel.
document.addEventListener("htmx:before:response", (event) => {
  const { target, response, hx } = event.detail.ctx;
  if (target?.id !== CONTENT || response.status >= 400 || hx.redirect || hx.location) return;
  if (response.headers.get("Trassa-Fragment")) return;
  event.preventDefault();
  location.assign(shownUrl || event.detail.ctx.request.action);
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.target?.id === CONTENT && !document.getElementById(CONTENT).childElementCount) closePanel();
});

// Back and Forward: while the page below is the same, only the panel changes.
document.addEventListener("htmx:before:history:restore", (event) => {
  if (below(event.detail.path) === pageBelow) event.preventDefault();
  else pageBelow = below(event.detail.path);
});
document.addEventListener("htmx:after:history:update", () => {
  pageBelow = below(location.href);
  follow();
});
document.addEventListener("htmx:after:swap", ({ detail }) => {
  if (detail.ctx.target === document.body) {
    shownUrl = "";
    follow();
  } else if (isPanelOpen() && detail.ctx.target?.id !== CONTENT) markOpen(shownUrl);
});
window.addEventListener("popstate", follow);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", follow);
else follow();
