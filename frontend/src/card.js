// A card: fields that open for editing in place, and changes that arrive while it is open.
import { answer, stopAnswering } from "./answering.js";
import { closePanel, isPanelOpen } from "./panel.js";
import { htmx } from "./requests.js";
import { addressOf, clickTab, keyInTabs, markTabs, uncover } from "./tabs.js";
import { topicIs } from "./topics.js";
import { Viewers } from "./viewers.js";

const SOON = 60;
const RENEWING = ["record:moved", "record:restored", "record:binned", "record:stale", "record:attached", "record:reverted"];
const COMMITS = "select, input[type=checkbox]:not(fieldset *), input[type=radio]";

class Card {
  #timer;
  #stale = false;
  #asked;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    this.viewers = element.querySelector("[data-viewers]") && new Viewers(element);
    showStage(element);
    markTabs(element);
    element.addEventListener("click", (event) => this.#click(event), options);
    element.addEventListener("keydown", (event) => this.#key(event), options);
    element.addEventListener("change", (event) => this.#change(event), options);
    element.addEventListener("focusout", (event) => this.#leave(event), options);
    element.addEventListener("htmx:before:swap", (event) => this.#arrived(event), options);
    element.addEventListener("htmx:after:swap", (event) => this.#swapped(event), options);
    document.addEventListener("keydown", (event) => this.#editKey(event), options);
    document.addEventListener("trassa:changed", ({ detail }) => this.#changed(detail), options);
    document.addEventListener("trassa:missed", () => this.#later(), options);
    for (const name of RENEWING) document.addEventListener(name, ({ detail }) => this.#isMe(detail) && this.#later(), options);
    document.addEventListener("record:binned", ({ detail }) => this.#isMe(detail) && this.inPanel && closePanel(), options);
    document.addEventListener("record:gone", ({ detail }) => this.#isMe(detail) && this.#gone(), options);
    document.addEventListener("record:created", ({ detail }) => detail.quick || this.#later(), options);
  }

  stop() {
    this.#stop.abort();
    this.viewers?.stop();
    clearTimeout(this.#timer);
  }

  get inPanel() {
    return Boolean(this.element.closest("#panel"));
  }

  get version() {
    return Number(this.element.querySelector(".card-head").dataset.version);
  }

  get form() {
    return this.element.querySelector("[data-editing] form");
  }

  #isMe({ type, id }) {
    return String(type) === this.element.dataset.type && String(id) === this.element.dataset.id;
  }

  // Opening a field

  edit(editable) {
    if (!editable) return;
    uncover(this.element, editable);
    const folded = editable.closest("details:not([open])");
    if (folded) folded.open = true;
    editable.closest(".field").scrollIntoView({ block: "nearest" });
    htmx.trigger(editable, "edit");
  }

  #click(event) {
    const { target } = event;
    if (clickTab(this.element, event)) return;
    const wanted = target.closest("[data-edit]");
    if (wanted) {
      event.preventDefault();
      return this.edit(this.element.querySelector(`[data-field="${CSS.escape(wanted.dataset.edit)}"] .editable`));
    }
    const answered = target.closest("[data-answer]");
    if (answered) return answer(this.element, answered);
    const unanswer = target.closest("[data-unanswer]");
    if (unanswer) return stopAnswering(unanswer.form);
    if (target.closest("[data-give-up]")) return this.#giveUp(target.closest("form"));
    if (target.closest("a, summary")) return;
    const editable = target.closest(".editable");
    if (editable && !getSelection().toString()) this.edit(editable);
  }

  #key(event) {
    const form = event.target.closest("[data-editing] form");
    keyInTabs(this.element, event);
    if (form && event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      this.#giveUp(form);
    } else if (form && event.key === "Enter" && event.target.matches("textarea") && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target.matches(".edit") && event.code === "KeyH" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.target.closest(".field").querySelector(".past")?.click();
    } else if (event.target.closest("[data-composer]") && event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
      event.preventDefault();
      event.target.closest("form").requestSubmit();
    }
  }

  // "e" edits the field in focus, otherwise the first one that is missing, otherwise the first.
  #editKey(event) {
    if (event.code !== "KeyE" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input, textarea, select") || document.querySelector("dialog[open]") || isPanelOpen() !== this.inPanel) return;
    event.preventDefault();
    const focused = document.activeElement.closest?.(".editable");
    const inSight = [...this.element.querySelectorAll(".editable")].find((each) => !each.closest("[hidden]"));
    this.edit(focused ?? this.element.querySelector(".field.lacking .editable") ?? inSight);
  }

  // Closing it: a choice saves at once, text on Enter or when the field is left.

  #change({ target }) {
    const form = target.closest("[data-editing] form");
    if (form && !form.hasAttribute("data-by-button") && (target.matches(COMMITS) || target.matches("[data-combobox]:not([data-many])"))) this.#save(form);
  }

  #leave({ target, relatedTarget }) {
    const form = target.closest("[data-editing] form");
    if (!form || !document.hasFocus() || form.contains(relatedTarget)) return;
    setTimeout(() => {
      if (!form.isConnected || form.contains(document.activeElement) || form.querySelector(".conflict")) return;
      if (document.querySelector("dialog[open]")) return;
      if (isChanged(form)) this.#save(form);
      else this.#giveUp(form, { quietly: true });
    });
  }

  #save(form) {
    if (form.dataset.busy) return;
    form.requestSubmit();
  }

  #giveUp(form, { quietly = false } = {}) {
    if (form.dataset.busy) return;
    form.dataset.busy = "true";
    const field = form.closest(".field");
    field.dataset.refocus = quietly ? "" : "true";
    htmx.ajax("GET", form.dataset.cancel, { target: field, source: field, swap: "outerHTML" });
  }

  #swapped({ target, detail }) {
    this.viewers?.show();
    if (target === this.element) for (const part of this.element.querySelectorAll("[data-part]")) renewPart(part);
    const editing = this.form;
    if (editing) {
      delete editing.dataset.busy;
      editing.dataset.before = snapshot(editing);
      const input = editing.querySelector("[autofocus], .input, input:not([type=hidden])");
      if (input && !editing.contains(document.activeElement)) input.focus();
      if (input?.select && input.matches("input")) input.select();
    } else {
      // Where nobody has taken the focus, it goes back to the value that was edited.
      const lost = !document.activeElement || document.activeElement === document.body;
      const field = target.closest?.(".field");
      markTabs(this.element);
      if (field && lost) field.querySelector(".edit")?.focus({ preventScroll: true });
      if (this.#stale && !target.closest?.("[data-timeline]")) this.#later();
    }
  }

  // News

  #changed({ topic, id, version }) {
    if (!topicIs(topic, this.element.dataset.type) || String(id) !== this.element.dataset.id) return;
    if (version === null || version > this.version) this.#later();
  }

  #gone() {
    if (this.inPanel) closePanel();
    else location.assign(this.element.querySelector(".card-tools a").href);
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), SOON);
  }

  // Whoever is typing is not disturbed: the card is renewed when the field closes, until then its timeline alone.
  #renew() {
    this.#stale = this.#isBusy();
    if (!this.element.isConnected) return;
    if (this.#stale) return this.#renewTimeline();
    this.#asked = this.#address;
    htmx.ajax("GET", this.#asked, { target: this.element, source: this.element, swap: "outerMorph" });
  }

  #renewTimeline() {
    const timeline = this.element.querySelector("[data-timeline]");
    if (!timeline || this.element.querySelector("[data-timeline] [data-composer]")) return;
    this.#asked = this.#address;
    const address = this.#withShown(`${new URL(this.element.dataset.url, location).pathname}history?again=1`);
    htmx.ajax("GET", address, { target: timeline, source: timeline, swap: "innerMorph" });
  }

  // The card as it is shown now: its tab, and what of the timeline.
  get #address() {
    return this.#withShown(addressOf(this.element));
  }

  #withShown(path) {
    const address = new URL(path, location);
    const shown = this.element.querySelector("[data-show][aria-pressed=true]")?.value ?? "all";
    if (shown !== "all") address.searchParams.set("show", shown);
    return address.pathname + address.search;
  }

  #isBusy() {
    return Boolean(this.form) || isWriting(this.element);
  }

  // While the renewed card was on its way, something may have been opened, or another part be looked at.
  #arrived(event) {
    const source = event.detail.ctx.sourceElement;
    if (source !== this.element && !source.matches("[data-timeline]")) return;
    const isBusy = source === this.element && this.#isBusy();
    if (!isBusy && this.#asked === this.#address) return;
    event.preventDefault();
    if (isBusy) this.#stale = true;
    else this.#later();
  }
}

// A part of another room, unless somebody writes there.
function renewPart(part) {
  if (!part.querySelector(".input:focus")) htmx.trigger(part, "renew");
}

// On narrow screens the stages are swiped; the present one is in sight from the start.
function showStage(element) {
  const now = element.querySelector(".stages .now");
  if (now) now.parentElement.scrollLeft = now.offsetLeft - now.parentElement.offsetLeft - 40;
}

// A comment that somebody is writing or changing is not swept away.
const isWriting = (element) => [...element.querySelectorAll("[data-composer]")].some((form) => {
  const area = form.elements.text;
  return form.querySelector(".file") || form.elements.answers?.value || area.value !== area.defaultValue || area === document.activeElement && area.value;
});
const snapshot = (form) => new URLSearchParams(new FormData(form)).toString();
const isChanged = (form) => form.dataset.before !== snapshot(form) || form.querySelector('[aria-invalid="true"]') !== null;

export function start(element) {
  const card = new Card(element);
  return () => card.stop();
}
