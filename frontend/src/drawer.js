// On narrow screens the navigation is a drawer, opened by [data-drawer].
function turn(open) {
  const app = document.querySelector(".app");
  const button = document.querySelector("[data-drawer]");
  if (!app || !button || app.classList.contains("drawer-open") === open) return;
  app.classList.toggle("drawer-open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) document.querySelector(".nav a")?.focus();
  else button.focus({ preventScroll: true });
}

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-drawer]")) turn(!document.querySelector(".drawer-open"));
  else if (!target.closest(".nav") || target.closest(".nav a")) turn(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.querySelector(".drawer-open")) {
    event.stopImmediatePropagation();
    turn(false);
  }
});
