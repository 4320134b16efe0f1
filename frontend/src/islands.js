// Larger modules load only where their element is: `board.js`, `list.js`, `card.js` … each exports
// `start(element)`, which may return a function called when the element is gone. `data-ready` says that it runs;
// `data-starting` of the document, that some do not yet.
const ISLANDS = {
  "[data-board]": () => import("./board.js"),
  "[data-calendar]": () => import("./calendar.js"),
  "[data-schedule]": () => import("./schedule.js"),
  "form[data-columns]": () => import("./columns.js"),
  "[data-designer]": () => import("./designer.js"),
  "[data-robots]": () => import("./robots.js"),
  "[data-push]": () => import("./push.js"),
  "[data-inbox]": () => import("./inbox.js"),
  "[data-list]": () => import("./list.js"),
  "[data-picking]": () => import("./picking.js"),
  "[data-time]": () => import("./time.js"),
  "[data-card]": () => import("./card.js"),
  "[data-mentions]": () => import("./mentions.js"),
  "[data-files]": () => import("./files.js"),
  "[data-arrange]": () => import("./arranging.js"),
  "form[data-faults]": () => import("./faults.js"),
  "form[data-drop]": () => import("./drop.js"),
  "form[data-rules]": () => import("./form_rules.js"),
  "textarea[data-expression]": () => import("./expression.js"),
};

const ANY = Object.keys(ISLANDS).join();
const running = new Map();
let isDue = false;
let starting = 0;

const tell = (by) => document.documentElement.toggleAttribute("data-starting", (starting += by) > 0);

async function begin(element, load) {
  running.set(element, null);
  tell(+1);
  try {
    const { start } = await load();
    if (!element.isConnected) return;
    running.set(element, start(element) ?? null);
    element.dataset.ready = "";
  } finally {
    tell(-1);
  }
}

function scan() {
  for (const [element, stop] of running) {
    if (element.isConnected) continue;
    stop?.();
    running.delete(element);
  }
  for (const element of document.querySelectorAll(ANY)) {
    if (running.has(element)) continue;
    const [, load] = Object.entries(ISLANDS).find(([selector]) => element.matches(selector));
    begin(element, load);
  }
}

// Every new element is told of by itself; many come at once, so the page is looked through once behind them.
document.addEventListener("htmx:after:process", () => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    scan();
  });
});
scan();
