// A form, or a part of one, whose rows are moved about: `[data-arrange]` with `[data-row]`s in one list. A row has a level; those below it
// with higher levels go with it. Only leaves ([data-leaf]) pass [data-fixed] rows. The form sends rows in their order.
export function start(form) {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  form.addEventListener("keydown", (event) => key(form, event), options);
  form.addEventListener("click", (event) => click(form, event), options);
  form.addEventListener("change", (event) => change(form, event), options);
  form.addEventListener("pointerdown", (event) => drag(form, event, stop.signal), options);
  return () => stop.abort();
}

const rowsOf = (form) => [...form.querySelectorAll(".arranged > [data-row]")];
const level = (row) => Number(row.dataset.level);

// The row and what belongs to it.
function block(row) {
  const found = [row];
  for (let next = row.nextElementSibling; next && level(next) > level(row); next = next.nextElementSibling) found.push(next);
  return found;
}

const passes = (row, other) => row.hasAttribute("data-leaf") || !other.hasAttribute("data-fixed");

// Where a heading may stand: before another heading of its level or a higher one, so that it takes nobody's rows.
const mayStandBefore = (row, other) => row.hasAttribute("data-leaf") || !other || level(other) <= level(row);

function moveBefore(row, other, list) {
  const moving = block(row);
  if (moving.includes(other)) return;
  for (const each of moving) list.insertBefore(each, other);
}

function step(form, row, by) {
  const list = row.parentElement;
  const moving = block(row);
  if (by < 0) {
    let before = row.previousElementSibling;
    while (before && !mayStandBefore(row, before)) before = before.previousElementSibling;
    if (before && passes(row, before)) moveBefore(row, before, list);
  } else {
    const after = moving.at(-1).nextElementSibling;
    if (!after || !passes(row, after)) return;
    let before = after.nextElementSibling;
    while (before && !mayStandBefore(row, before)) before = before.nextElementSibling;
    moveBefore(row, before, list);
  }
  say(form, row);
}

// Tells the listener aloud, and the page that the order changed.
function say(form, row) {
  form.dispatchEvent(new CustomEvent("arranged"));
  const said = form.querySelector("[data-said]");
  const all = rowsOf(form);
  said.textContent = said.dataset.words.replace("%(place)s", all.indexOf(row) + 1).replace("%(all)s", all.length);
}

function key(form, event) {
  const grip = event.target.closest("[data-grip]");
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!grip || !by || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  step(form, grip.closest("[data-row]"), by);
  grip.focus();
}

function click(form, { target }) {
  const add = target.closest("[data-add]");
  if (add) return addRow(form, add.dataset.add);
  if (target.closest("[data-drop-row]")) target.closest("[data-row]").remove();
}

// A new heading from the template of its kind, with a code that nothing here has yet.
function addRow(form, kind) {
  const template = form.querySelector(`template[data-new="${kind}"]`);
  let number = 1;
  while (form.innerHTML.includes(`x_new${number}`)) number += 1;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("x_new", `x_new${number}`);
  const row = holder.content.querySelector("[data-row]");
  const list = form.querySelector(".arranged");
  list.insertBefore(row, list.querySelector("[data-fixed]"));
  row.querySelector("input:not([type=hidden])")?.focus();
}

// What is chosen in a list becomes a row before the fixed one.
function change(form, { target }) {
  const kind = target.dataset.addFrom;
  const [option] = target.selectedOptions ?? [];
  if (!kind || !option?.value) return;
  const row = form.querySelector(`template[data-new="${kind}"]`).content.querySelector("[data-row]").cloneNode(true);
  row.querySelector("input[type=hidden]").value = option.value;
  row.querySelector("[data-label]").textContent = option.text;
  const grip = row.querySelector("[data-grip]");
  grip.setAttribute("aria-label", grip.getAttribute("aria-label").replace("%s", option.text));
  const list = form.querySelector(".arranged");
  list.insertBefore(row, list.querySelector("[data-fixed]"));
  option.remove();
  target.value = "";
  say(form, row);
}

// Heard on the document: a row that is moved loses its pointer.
function drag(form, event, signal) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  const row = grip.closest("[data-row]");
  const list = row.parentElement;
  const done = new AbortController();
  const ends = { signal: AbortSignal.any([signal, done.signal]) };
  row.classList.add("dragged");
  document.addEventListener("pointermove", ({ clientX, clientY }) => {
    const over = document.elementFromPoint(clientX, clientY)?.closest("[data-row]");
    if (!over || over.parentElement !== list || block(row).includes(over)) return;
    const box = over.getBoundingClientRect();
    const place = clientY > box.top + box.height / 2 ? over.nextElementSibling : over;
    if (mayStandBefore(row, place) && behindNothingFixed(row, place)) moveBefore(row, place, list);
  }, ends);
  const end = () => {
    row.classList.remove("dragged");
    done.abort();
    grip.focus();
    say(form, row);
  };
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end, ends);
}

function behindNothingFixed(row, place) {
  if (row.hasAttribute("data-leaf")) return true;
  const fixed = row.parentElement.querySelector("[data-fixed]");
  return Boolean(place) && (place === fixed || Boolean(place.compareDocumentPosition(fixed) & Node.DOCUMENT_POSITION_FOLLOWING));
}
