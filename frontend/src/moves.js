// Moving a record: the server moves it, asks for what is missing in #dialog, or says in a toast why not.
import { htmx } from "./requests.js";

const dialog = () => document.getElementById("dialog");
const asks = (id) => dialog()?.open && dialog().querySelector(`form[data-move="${id}"]`);

// Resolves to true when the record has moved, to false when it stays where it was.
export async function move(element, id, stage) {
  let moved = false;
  const hear = ({ detail }) => {
    if (String(detail.id) === String(id)) moved = true;
  };
  const news = ["record:moved", "record:gone"];
  for (const name of news) document.addEventListener(name, hear);
  const url = `${new URL(element.querySelector("a[href]").href).pathname}move`;
  await htmx.ajax("POST", url, { values: { stage }, target: "#dialog", source: element });
  if (!moved && asks(id)) await new Promise((resolve) => dialog().addEventListener("close", resolve, { once: true }));
  for (const name of news) document.removeEventListener(name, hear);
  return moved;
}
