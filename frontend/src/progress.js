// The bar at the top of the page for every wait over 300 ms.
const PATIENCE = 300;
let waiting = 0;
let timer;

export function wait() {
  waiting += 1;
  timer ??= setTimeout(() => document.getElementById("progress")?.classList.add("on"), PATIENCE);
}

export function done() {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  clearTimeout(timer);
  timer = undefined;
  document.getElementById("progress")?.classList.remove("on");
}

const isQuiet = ({ detail }) => detail.ctx.sourceElement?.closest?.("[data-quiet]");
document.addEventListener("htmx:before:request", (event) => isQuiet(event) || wait());
document.addEventListener("htmx:finally:request", (event) => isQuiet(event) || done());
window.addEventListener("beforeunload", wait);
window.addEventListener("pageshow", () => {
  waiting = 0;
  done();
});
