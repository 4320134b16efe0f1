// Robots under stages: a card dragged to another column answers to that stage; the order of the page is theirs.
import Sortable from "sortablejs";
import { htmx } from "./requests.js";

export function start(board) {
  const columns = [...board.querySelectorAll("[data-robot-cards]")];
  const sortables = columns.map(
    (cards) =>
      new Sortable(cards, {
        group: "robots",
        draggable: "[data-rule]",
        animation: 140,
        delay: 180,
        delayOnTouchOnly: true,
        onEnd: ({ item, from, to, oldIndex, newIndex }) => {
          if (from !== to || oldIndex !== newIndex) drop(item);
        },
      }),
  );
  return () => sortables.forEach((each) => each.destroy());
}

// Alt with an arrow carries the robot in focus: up and down in its column, left and right to another stage. The page
// listens, as columns that the server has just drawn do not yet.
document.addEventListener("keydown", async (event) => {
  const card = event.target.closest("[data-robots] [data-rule]");
  if (!card || !event.altKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const column = card.closest(".column");
  const beside = { ArrowLeft: column.previousElementSibling, ArrowRight: column.nextElementSibling }[event.key];
  if (event.key === "ArrowUp" && card.previousElementSibling) card.previousElementSibling.before(card);
  else if (event.key === "ArrowDown" && card.nextElementSibling) card.nextElementSibling.after(card);
  else if (beside) beside.querySelector("[data-robot-cards]").append(card);
  else return;
  const moved = drop(card);
  take(card);
  await moved;
  if (document.activeElement === document.body) take(card);
});

// Moving a card loses the focus, and so does drawing it anew.
const take = (card) => document.querySelector(`[data-rule="${card.dataset.rule}"] a`)?.focus();

let moving = Promise.resolve();

// The server answers with the columns as they are then, and with a toast that takes the move back. Moves follow
// one another.
function drop(card) {
  const board = card.closest("[data-robots]");
  const { rule } = card.dataset;
  const { robots: url, pipeline } = board.dataset;
  const { stage } = card.closest(".column").dataset;
  const order = [...board.querySelectorAll("[data-rule]")].map((each) => each.dataset.rule).join(",");
  const sent = { values: { rule, pipeline, stage, order }, target: "#robots", swap: "outerHTML" };
  moving = moving.then(() => htmx.ajax("POST", url, sent));
  return moving;
}
