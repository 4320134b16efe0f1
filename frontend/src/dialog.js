// [data-opens="id"] opens a dialog, [data-closes] closes its own; content swapped into a dialog opens it.
// The server closes dialogs with HX-Trigger "dialog:close". hx-confirm asks in #confirm.
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
  const dialog = place?.closest?.("dialog");
  if (dialog?.textContent.trim()) shown(dialog);
});

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
