// [data-opens="id"] opens a dialog, [data-closes] closes its own; content swapped into a dialog opens it, a late
// answer for a part of it does not.
// The server closes dialogs with HX-Trigger "dialog:close". hx-confirm asks in #confirm.
// An address that ends with #dialog=/tasks/new opens that dialog over its page, as the server leads to it.
import { htmx } from "./requests.js";

const shown = (dialog) => dialog.open || dialog.showModal();

document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-opens]");
  if (opener) return shown(document.getElementById(opener.dataset.opens));
  if (target.closest("[data-closes]")) return target.closest("dialog")?.close();
  // A click on the backdrop has the dialog itself as its target.
  if (target.tagName === "DIALOG" && !target.hasAttribute("data-stays")) target.close();
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  // A target that the answer has named itself (HX-Retarget) is still a selector.
  const { target } = detail.ctx;
  const place = typeof target === "string" ? document.querySelector(target) : target;
  if (place?.tagName === "DIALOG" && place.textContent.trim()) shown(place);
});

// Only what the server sends for dialogs is shown, never a page, a part of one, or a file.
document.addEventListener("htmx:before:response", (event) => {
  const { target, request, response } = event.detail.ctx;
  if (target?.id === "dialog" && request.method === "GET" && response.status === 200 && response.headers.get("Trassa-Fragment") !== "dialog") event.preventDefault();
});

const asked = new URLSearchParams(location.hash.slice(1)).get("dialog") ?? "";
if (asked) history.replaceState(history.state, "", location.pathname + location.search);
// Only our own: "//elsewhere" and "https:…" are not.
if (/^\/(?![/\\])/.test(asked) && document.getElementById("dialog")) htmx.ajax("GET", asked, { target: "#dialog" });

document.addEventListener("dialog:close", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});

document.addEventListener("htmx:confirm", (event) => {
  const dialog = document.getElementById("confirm");
  if (!dialog) return;
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  const { confirmLabel, confirmTone } = ctx.sourceElement.dataset;
  dialog.querySelector("[data-question]").textContent = ctx.confirm;
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = confirmLabel || yes.dataset.label;
  yes.className = `button ${confirmTone || "primary"}`;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => (dialog.returnValue === "yes" ? issueRequest() : dropRequest()), { once: true });
  dialog.showModal();
});
