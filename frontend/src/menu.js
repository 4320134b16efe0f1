// Menus are native popovers (`popovertarget`); this places them at their button and moves with arrows.
const GAP = 4;
const EDGE = 8;

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const fitsBelow = at.bottom + GAP + height < innerHeight - EDGE || at.top < height;
  const left = at.left + width > innerWidth - EDGE ? at.right - width : at.left;
  menu.style.left = `${Math.max(EDGE, left)}px`;
  menu.style.top = `${fitsBelow ? at.bottom + GAP : at.top - GAP - height}px`;
}

const buttonOf = (menu) => document.querySelector(`[popovertarget="${menu.id}"]`);

const items = (menu) => [...menu.querySelectorAll(".menu-item:not(:disabled), input")].filter((item) => item.checkVisibility());

const focusFirst = (menu) => (menu.querySelector("[autofocus]") ?? items(menu)[0])?.focus({ preventScroll: true });

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const button = buttonOf(menu);
  button?.setAttribute("aria-expanded", String(event.newState === "open"));
  // A place left behind would be copied to the menu that takes this one's place, which the policy forbids.
  if (event.newState !== "open") menu.removeAttribute("style");
  if (event.newState !== "open" || !button) return;
  place(menu, button);
  // A key opens a menu without going to its button.
  button.focus({ preventScroll: true });
  focusFirst(menu);
}, true);

// What a menu fetches when it is opened comes later than the focus; what it shows anew may take the focus along.
document.addEventListener("htmx:after:swap", () => {
  const menu = document.querySelector(".menu:popover-open");
  const at = document.activeElement;
  if (menu && (at === document.body || at?.getAttribute("popovertarget") === menu.id)) focusFirst(menu);
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  // Whoever opened it by a key elsewhere had nothing to come back to.
  if (menu && event.key === "Escape") buttonOf(menu)?.focus({ preventScroll: true });
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step || event.target.matches("input[type=radio]")) return;
  event.preventDefault();
  const all = items(menu);
  all.at((all.indexOf(document.activeElement) + step) % all.length)?.focus();
});

document.addEventListener("click", ({ target }) => {
  if (target.closest(".menu-item")) target.closest(".menu[popover]")?.hidePopover();
});
