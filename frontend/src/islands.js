// Larger modules load only where their element is: `board.js`, `list.js`, `card.js` … each exports
// `start(element)`, which may return a function called when the element is gone. `data-ready` says that it runs.
const ISLANDS = {
  "[data-board]": () => import("./board.js"),
  "[data-calendar]": () => import("./calendar.js"),
  "form[data-columns]": () => import("./columns.js"),
  "[data-designer]": () => import("./designer.js"),
  "[data-robots]": () => import("./robots.js"),
  "[data-list]": () => import("./list.js"),
  "[data-picking]": () => import("./picking.js"),
  "[data-time]": () => import("./time.js"),
  "[data-card]": () => import("./card.js"),
  "[data-files]": () => import("./files.js"),
  "form[data-arrange]": () => import("./arranging.js"),
  "form[data-drop]": () => import("./drop.js"),
  "form[data-rules]": () => import("./form_rules.js"),
  "textarea[data-expression]": () => import("./expression.js"),
};

const running = new Map();

async function begin(element, load) {
  running.set(element, null);
  const { start } = await load();
  if (!element.isConnected) return;
  running.set(element, start(element) ?? null);
  element.dataset.ready = "";
}

function scan() {
  for (const [element, stop] of running) {
    if (element.isConnected) continue;
    stop?.();
    running.delete(element);
  }
  for (const [selector, load] of Object.entries(ISLANDS)) {
    for (const element of document.querySelectorAll(selector)) if (!running.has(element)) begin(element, load);
  }
}

document.addEventListener("htmx:after:process", scan);
scan();
