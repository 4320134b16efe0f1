// The bell: hears that the person was told of something, and says to the server what they opened.
import { countSoon } from "./counters.js";
import { csrf, htmx } from "./requests.js";

const button = () => document.querySelector("[data-bell]");
const changed = () => document.body.dispatchEvent(new CustomEvent("notices:changed", { bubbles: true }));

document.addEventListener("notices:changed", () => {
  countSoon();
  const list = document.querySelector("#notices:popover-open > div");
  if (list) htmx.trigger(list, "renew");
});

document.addEventListener("trassa:changed", ({ detail }) => detail.topic === button()?.dataset.bell && changed());
document.addEventListener("trassa:missed", () => button() && changed());

// Whatever opens them, in whichever way; the request outlives the page.
function opened({ target }) {
  const link = target.closest?.("[data-reads]");
  if (!link) return;
  const { reads } = link.dataset;
  delete link.dataset.reads;
  fetch(button().dataset.read, { method: "POST", keepalive: true, credentials: "same-origin", headers: { "X-CSRFToken": csrf() }, body: new URLSearchParams({ id: reads }) });
}

document.addEventListener("click", opened, true);
document.addEventListener("auxclick", opened, true);
