// Robots under stages: a card dragged to another column answers to that stage; the order of the page is theirs.
import Sortable from "sortablejs";
import { ask } from "./requests.js";
import { toast } from "./toast.js";

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
          if (from !== to || oldIndex !== newIndex) drop(board, item, from !== to);
        },
      }),
  );
  board.addEventListener("keydown", (event) => carry(board, event));
  return () => sortables.forEach((each) => each.destroy());
}

// Alt with an arrow carries the robot in focus: up and down in its column, left and right to another stage.
function carry(board, event) {
  const card = event.target.closest("[data-rule]");
  if (!card || !event.altKey || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  const focused = document.activeElement;
  const column = card.closest(".column");
  if (event.key === "ArrowUp") card.previousElementSibling?.before(card);
  if (event.key === "ArrowDown") card.nextElementSibling?.after(card);
  const beside = { ArrowLeft: column.previousElementSibling, ArrowRight: column.nextElementSibling }[event.key];
  if (beside) beside.querySelector("[data-robot-cards]").append(card);
  focused.focus();
  drop(board, card, Boolean(beside));
}

async function drop(board, card, changesColumn) {
  const body = new URLSearchParams({ rule: card.dataset.rule, pipeline: board.dataset.pipeline });
  body.set("stage", card.closest(".column").dataset.stage);
  for (const each of board.querySelectorAll("[data-rule]")) body.append("order", each.dataset.rule);
  const answer = await ask(board.dataset.robots, { method: "POST", body });
  if (!answer?.ok) toast({ text: board.dataset.failed, tone: "bad" });
  if (changesColumn || !answer?.ok) location.reload();
}
