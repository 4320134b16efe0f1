// The dialog of columns: lines are dragged into their order, or moved with Alt and the arrows.
import Sortable from "sortablejs";

export function start(form) {
  const list = form.querySelector("ol");
  const sortable = new Sortable(list, { handle: ".grip", animation: 140, forceFallback: true, fallbackTolerance: 3 });
  list.addEventListener("keydown", (event) => {
    const line = event.target.closest("li");
    const other = { ArrowUp: line?.previousElementSibling, ArrowDown: line?.nextElementSibling }[event.key];
    if (!event.altKey || !other) return;
    event.preventDefault();
    if (event.key === "ArrowUp") other.before(line);
    else other.after(line);
    event.target.focus();
  });
  return () => sortable.destroy();
}
