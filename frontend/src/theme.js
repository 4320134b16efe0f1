// Radio buttons [data-theme-choice] change the theme at once; their form tells the server beside it.
import { ask } from "./requests.js";

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("[data-theme-choice]")) return;
  document.documentElement.dataset.theme = target.value;
  ask(target.form.action, { method: "POST", body: new URLSearchParams(new FormData(target.form)) });
});
