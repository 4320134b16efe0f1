// A board: dragging, moving by keys, quick forms, and changes of others arriving card by card.
import Sortable from "sortablejs";
import { currentItem, select } from "./keyboard.js";
import { move } from "./moves.js";
import { ask, htmx } from "./requests.js";
import { topicIs, withIds } from "./topics.js";

const SOON = 60;
const SUMS_PAUSE = 1_500;
const AFTER_DRAG = 80;
// Pixels behind which a column is read far down: it is not drawn anew under the reader's eyes.
const DEEP = 400;
const TYPING = "input, textarea, select, [contenteditable]";
const NEWS = ["record:moved", "record:changed", "record:binned", "record:restored", "record:created", "record:gone"];

class Board {
  #stale = new Set();
  #moving = new Set();
  #timer;
  #sumsTimer;
  #sumsAt = 0;
  #dragging = null;
  #isDue = false;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    this.sortables = this.columns.map((cards) => this.#sortable(cards));
    const options = { signal: this.#stop.signal };
    for (const name of NEWS) document.addEventListener(name, ({ detail }) => this.#heard(detail), options);
    document.addEventListener("trassa:changed", ({ detail }) => this.#changed(detail), options);
    document.addEventListener("bulk:done", () => this.reload(), options);
    document.addEventListener("trassa:missed", () => this.reload(), options);
    document.addEventListener("keydown", (event) => this.#key(event), options);
    element.addEventListener("click", (event) => this.#click(event), { ...options, capture: true });
    element.addEventListener("scroll", () => this.#isDue && !this.isDeep && this.reload(), { ...options, capture: true, passive: true });
    element.addEventListener("htmx:after:swap", ({ detail }) => this.#loaded(detail.ctx), options);
  }

  stop() {
    this.#stop.abort();
    for (const each of this.sortables) each.destroy();
  }

  get columns() {
    return [...this.element.querySelectorAll("[data-cards]")];
  }

  get isDeep() {
    return this.columns.some((cards) => cards.scrollTop > DEEP);
  }

  find(id) {
    const card = document.getElementById(`card-${id}`);
    return this.element.contains(card) ? card : null;
  }

  // Dragging

  #sortable(cards) {
    return new Sortable(cards, {
      group: "cards",
      draggable: ".card[data-id]:not([data-fixed])",
      animation: 140,
      delay: 180,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      scrollSensitivity: 60,
      bubbleScroll: true,
      onStart: ({ item }) => this.#lift(item),
      onMove: ({ to }) => this.#hover(to),
      onEnd: ({ item, from, to }) => this.#drop(item, from, to),
    });
  }

  #lift(card) {
    this.#dragging = { card, place: placeOf(card) };
    this.element.classList.add("dragging");
    const own = this.#dragging.place.parent.closest(".column");
    const allowed = own.dataset.next?.split(" ");
    for (const column of this.element.querySelectorAll(".column")) {
      column.classList.toggle("refuses", Boolean(allowed) && column !== own && !allowed.includes(column.dataset.stage));
    }
  }

  #hover(to) {
    for (const cards of this.columns) cards.classList.toggle("target", cards === to && to !== this.#dragging?.place.parent);
  }

  #drop(card, from, to) {
    const { place } = this.#dragging;
    setTimeout(() => (this.#dragging = null), AFTER_DRAG);
    this.element.classList.remove("dragging");
    for (const each of this.element.querySelectorAll(".target, .refuses")) each.classList.remove("target", "refuses");
    if (from === to) putBack(card, place);
    else this.#move(card, to, place);
    this.#later();
  }

  async #move(card, to, place) {
    const { id } = card.dataset;
    this.#moving.add(id);
    first(to).before(card);
    const moved = await move(card, id, to.dataset.cards);
    this.#moving.delete(id);
    if (moved) this.#stale.add(id);
    else if (card.isConnected) putBack(card, place);
    this.#later();
  }

  // A click that ends a drag opens nothing.
  #click(event) {
    if (this.#dragging) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.target.closest("[data-quick-close]")) closeQuick(event.target);
  }

  // Keys

  #key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && event.target.closest?.("[data-quick]")) {
      event.preventDefault();
      return closeQuick(event.target);
    }
    if (event.target.matches?.(TYPING) || document.getElementById("panel")?.contains(event.target)) return;
    const card = currentItem() ?? document.activeElement?.closest?.(".card[data-id]");
    const act = this.#action(event, card);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #action({ code, key, shiftKey }, card) {
    if (!card?.isConnected || !this.element.contains(card)) return null;
    const back = code === "BracketLeft" || (shiftKey && key === "ArrowLeft");
    const on = code === "BracketRight" || (shiftKey && key === "ArrowRight");
    if (back || on) return () => this.#shift(card, on ? 1 : -1);
    if (key === "ArrowUp" || key === "ArrowDown") return () => select(neighbour(card, key === "ArrowDown"));
    if (key === "ArrowLeft" || key === "ArrowRight") return () => this.#aside(card, key === "ArrowRight" ? 1 : -1);
    return null;
  }

  #shift(card, by) {
    const all = this.columns;
    const to = all[all.indexOf(card.closest("[data-cards]")) + by];
    if (!to || card.hasAttribute("data-fixed") || this.#moving.has(card.dataset.id)) return;
    const place = placeOf(card);
    this.#move(card, to, place);
    select(card);
  }

  #aside(card, by) {
    const all = this.columns;
    const row = cardsIn(card.parentElement).indexOf(card);
    for (let at = all.indexOf(card.parentElement) + by; all[at]; at += by) {
      const cards = cardsIn(all[at]);
      if (cards.length) return select(cards[Math.min(row, cards.length - 1)]);
    }
  }

  // News

  #heard({ type, id, quick }) {
    if (String(type) !== this.element.dataset.type) return;
    if (quick) this.element.querySelector("[data-quick-form]")?.closest(".column").querySelector(".add")?.click();
    this.#stale.add(String(id));
    this.#later();
  }

  #changed({ topic, id, version }) {
    if (!topicIs(topic, this.element.dataset.type)) return;
    if (id === null) return this.reload();
    const card = this.find(id);
    if (card && version !== null && Number(card.dataset.version) >= version) return;
    this.#stale.add(String(id));
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), SOON);
  }

  async #refresh() {
    const ids = [...this.#stale].filter((id) => !this.#moving.has(id));
    if (!ids.length || this.#dragging) return;
    for (const id of ids) this.#stale.delete(id);
    const answer = await ask(withIds(this.element.dataset.changes, ids));
    if (!answer?.ok) return;
    const fresh = cardsOf(await answer.text());
    if (this.#dragging) return ids.forEach((id) => this.#stale.add(id));
    for (const id of ids) if (!fresh.some((card) => card.dataset.id === id)) this.find(id)?.remove();
    for (const card of fresh) if (!this.#moving.has(card.dataset.id)) this.#place(card);
    this.#refreshSums();
  }

  // The card where it belongs: by the moment it entered its stage, the latest first.
  #place(fresh) {
    const old = this.find(fresh.dataset.id);
    const cards = this.element.querySelector(`[data-cards="${CSS.escape(fresh.dataset.stage)}"]`);
    if (!cards) return old?.remove();
    const held = old?.contains(document.activeElement);
    const isNews = !old || old.dataset.version !== fresh.dataset.version;
    if (old?.classList.contains("current")) fresh.classList.add("current");
    const before = firstOlder(cards, old, fresh);
    if (before) before.before(fresh);
    else {
      const more = cards.querySelector("[data-more]");
      if (more && !old) return;
      more ? more.before(fresh) : cards.append(fresh);
    }
    old?.remove();
    if (isNews) fresh.classList.add("changed");
    if (held) fresh.querySelector("a").focus({ preventScroll: true });
    this.element.querySelector(".board-empty")?.remove();
  }

  #refreshSums() {
    clearTimeout(this.#sumsTimer);
    const wait = Math.max(0, this.#sumsAt + SUMS_PAUSE - Date.now());
    this.#sumsTimer = setTimeout(() => {
      this.#sumsAt = Date.now();
      if (this.element.isConnected) htmx.trigger(this.element, "sums:stale");
    }, wait);
  }

  // Whoever reads far down keeps the place: the cards in sight are renewed, the board when they come back up.
  reload() {
    if (this.#dragging || this.#moving.size || this.element.querySelector("[data-quick-form]")) return;
    this.#isDue = this.isDeep;
    if (this.#isDue) return this.#renewSeen();
    htmx.ajax("GET", this.element.dataset.url, { target: this.element, source: this.element, swap: "innerMorph", select: ".board > *" });
    this.#refreshSums();
  }

  #renewSeen() {
    for (const cards of this.columns) {
      const { top, bottom } = cards.getBoundingClientRect();
      for (const card of cardsIn(cards)) {
        const box = card.getBoundingClientRect();
        if (box.top > bottom) break;
        if (box.bottom > top) this.#stale.add(card.dataset.id);
      }
    }
    this.#later();
    this.#refreshSums();
  }

  // Cards that were loaded behind the last one may have arrived as news before.
  #loaded({ sourceElement }) {
    const seen = new Set();
    for (const card of this.element.querySelectorAll(".card[data-id]")) {
      if (seen.has(card.dataset.id)) card.remove();
      seen.add(card.dataset.id);
    }
    if (sourceElement?.closest?.("[data-quick]")) sourceElement.closest("[data-quick]").scrollIntoView({ block: "nearest" });
  }
}

const cardsIn = (cards) => [...cards.querySelectorAll(":scope > .card[data-id]")];
const first = (cards) => cardsIn(cards)[0] ?? cards.querySelector("[data-more]") ?? cards.appendChild(document.createComment(""));
const placeOf = (card) => ({ parent: card.parentElement, next: card.nextElementSibling });
const isOlder = (card, fresh) => Date.parse(card.dataset.entered) < Date.parse(fresh.dataset.entered);

// The card before which a fresh one belongs; most belong near the top.
function firstOlder(cards, old, fresh) {
  for (let each = cards.firstElementChild; each; each = each.nextElementSibling) {
    if (each !== old && each.matches(".card[data-id]") && isOlder(each, fresh)) return each;
  }
  return null;
}

function putBack(card, { parent, next }) {
  if (next?.parentElement === parent) next.before(card);
  else parent.append(card);
}

function neighbour(card, down) {
  const all = cardsIn(card.parentElement);
  return all[all.indexOf(card) + (down ? 1 : -1)];
}

function closeQuick(inside) {
  const column = inside.closest(".column");
  column.querySelector("[data-quick]").replaceChildren();
  column.querySelector(".add")?.focus();
}

function cardsOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.querySelectorAll(".card[data-id]")];
}

export function start(element) {
  const board = new Board(element);
  return () => board.stop();
}
