// The calendar of people, teams and resources: what stands in the days is fetched, dragged, stretched and followed.
// Times are those of the company's clock: texts without a zone, in both directions. Only this page loads the library.
import { createCalendar, DayGrid, destroyCalendar, Interaction, ResourceTimeline, TimeGrid } from "@event-calendar/core";
import { ask, htmx } from "./requests.js";
import { isPanelOpen, openPanel, panelUrl } from "./panel.js";
import { isOfTasks } from "./tasks.js";
import { toast } from "./toast.js";

const VIEWS = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", team: "resourceTimelineDay", resource: "resourceTimelineDay" };
const SOON = 250;
const PAUSE = 600;
const MINUTE = 60_000;
const STEP = 15;
const DAY = 1440;
// What is no longer has one line.
const SHORT = 30;
const ARROWS = { ArrowUp: -STEP, ArrowDown: STEP, ArrowLeft: -DAY, ArrowRight: DAY };
const IN_ROWS = { ArrowLeft: -STEP, ArrowRight: STEP };
const TO_ROWS = { ArrowUp: -1, ArrowDown: 1 };
const IN_MONTH = { ArrowUp: -7 * DAY, ArrowDown: 7 * DAY, ArrowLeft: -DAY, ArrowRight: DAY };
// Roles of tables that the library gives to what is none; the days are a list of links instead.
const ROLES = "[role=table], [role=row], [role=rowgroup], [role=cell], [role=columnheader], [role=rowheader]";

const two = (number) => String(number).padStart(2, "0");
const day = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const stamp = (date) => `${day(date)}T${clock(date)}`;
const minutes = (event) => Math.round((event.end - event.start) / MINUTE);

class Schedule {
  #timer;
  #pushed;
  #reading = 0;
  #gap = 1;
  #dragged = 0;
  #isBusy = false;
  // What keys have changed and is not sent yet.
  #waiting = null;
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    this.data = element.dataset;
    const options = { signal: this.#stop.signal };
    this.calendar = createCalendar(element, [DayGrid, TimeGrid, ResourceTimeline, Interaction], this.#options());
    this.watcher = new MutationObserver(() => this.#tidy());
    this.watcher.observe(element, { childList: true, subtree: true });
    this.#tidy();
    if (this.narrow && this.data.mode === "week") requestAnimationFrame(() => this.#scrollToDay());
    for (const name of ["tasks:changed", "trassa:missed"]) document.addEventListener(name, () => this.#later(), options);
    document.addEventListener("tasks:changed", ({ detail }) => this.#renewPanel(detail?.id), options);
    document.addEventListener("trassa:changed", ({ detail }) => this.#follows(detail.topic) && this.#later(), options);
    element.addEventListener("click", (event) => this.#click(event), { ...options, capture: true });
    element.addEventListener("keydown", (event) => this.#key(event), options);
    element.addEventListener("dragstart", (event) => event.preventDefault(), options);
    this.clock = setInterval(() => document.hidden || this.load(), MINUTE);
    this.load();
  }

  stop() {
    this.#stop.abort();
    this.watcher.disconnect();
    clearInterval(this.clock);
    clearTimeout(this.#timer);
    clearTimeout(this.#pushed);
    destroyCalendar(this.calendar);
  }

  get isInRows() {
    return ["team", "resource"].includes(this.data.mode);
  }

  get narrow() {
    return matchMedia("(max-width: 600px)").matches;
  }

  #options() {
    const { mode } = this.data;
    return {
      view: VIEWS[mode],
      date: this.data.day,
      timeZone: this.data.offset,
      locale: document.documentElement.lang,
      firstDay: 1,
      height: this.isInRows ? undefined : "100%",
      headerToolbar: { start: "", center: "", end: "" },
      events: [],
      resources: [],
      editable: true,
      selectable: true,
      nowIndicator: true,
      dayMaxEvents: true,
      moreLinkContent: ({ num }) => `+${num}`,
      scrollTime: "08:00",
      slotDuration: "00:30",
      snapDuration: `00:${STEP}`,
      slotHeight: 28,
      slotWidth: this.narrow ? 34 : 40,
      // Seven days beside one another would be too narrow to be hit: three are seen, the week is scrolled.
      columnWidth: this.narrow && mode === "week" ? "calc((100vw - var(--ec-sidebar-width)) / 3)" : undefined,
      longPressDelay: 350,
      allDayContent: this.data.wholeDay,
      slotLabelFormat: clock,
      eventTimeFormat: clock,
      dayHeaderFormat: mode === "month" ? { weekday: "short" } : { weekday: "short", day: "numeric" },
      eventContent: ({ event }) => this.#content(event),
      resourceLabelContent: ({ resource }) => label(resource),
      eventDidMount: ({ el, event }) => mark(el, event),
      eventDrop: (info) => this.#dropped(info),
      eventResize: (info) => this.#send(info.event, { minutes: minutes(info.event) }),
      eventDragStop: () => (this.#dragged = Date.now()),
      eventResizeStop: () => (this.#dragged = Date.now()),
      select: (info) => this.#create(info.start, info.allDay ? null : info.end, info.resource),
      dateClick: (info) => this.#create(info.date, null, info.resource),
    };
  }

  #content(event) {
    const { url, kind, sub, warning, label: words } = event.extendedProps;
    if (event.display === "background") return { domNodes: [] };
    const element = document.createElement(url ? "a" : "span");
    if (url) {
      element.href = url;
      element.dataset.panel = "";
      element.draggable = false;
    }
    const isShort = minutes(event) <= SHORT;
    const time = event.allDay ? "" : clock(event.start);
    element.className = isShort ? "entry short" : "entry";
    element.title = words ?? event.title;
    // In rows the hours stand above.
    const parts = [[isShort && this.isInRows ? "sr" : "time", time], ["sr", kind], ["what", event.title], ["sub", sub], ["sr", warning]].filter(([, text]) => text);
    for (const [name, text] of parts) element.append(Object.assign(document.createElement("span"), { className: name, textContent: text }), " ");
    return { domNodes: [element] };
  }

  // The library says of its grids that they are tables and leaves out what a table needs.
  #tidy() {
    for (const each of this.element.querySelectorAll(ROLES)) each.removeAttribute("role");
    for (const name of ["aria-colindex", "aria-rowindex"]) for (const each of this.element.querySelectorAll(`[${name}]`)) each.removeAttribute(name);
    if (this.element.getAttribute("role") !== "region") this.element.setAttribute("role", "region");
    for (const each of this.element.querySelectorAll(".ec-main, .ec-body")) if (each.tabIndex < 0) each.tabIndex = 0;
    this.watcher?.takeRecords();
  }

  #follows(topic) {
    return isOfTasks(topic) || (this.isInRows && topic === "work.all");
  }

  #later(wait = SOON) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), wait);
  }

  async load() {
    if (!this.element.isConnected || this.element.querySelector(".ec-dragging, .ec-resizing")) return this.#later(PAUSE);
    const reading = ++this.#reading;
    const answer = await ask(this.data.url);
    if (!answer?.ok || reading !== this.#reading || this.#isBusy) return;
    const { events, rows, notes } = await answer.json();
    const focused = document.activeElement?.closest?.("[data-item]")?.dataset.id;
    if (this.isInRows) this.calendar.setOption("resources", rows);
    this.calendar.setOption("events", events);
    this.#say(this.isInRows && !rows.length ? [...notes, this.data.empty] : notes);
    this.element.dataset.loaded = "";
    requestAnimationFrame(() => {
      // In rows of new resources the library lays overlapping events out only when it is told to look again.
      if (this.isInRows) this.calendar.setOption("eventGap", (this.#gap = 3 - this.#gap));
      if (focused) this.#focus(focused);
    });
  }

  #focus(id) {
    if (this.element.contains(document.activeElement) && document.activeElement.closest("[data-item]")) return;
    if (document.activeElement !== document.body && !this.element.contains(document.activeElement)) return;
    this.#item(id)?.focus({ preventScroll: true });
  }

  #say(notes) {
    const place = document.querySelector("[data-schedule-notes]");
    place.textContent = notes.join(" ");
    place.hidden = !notes.length;
  }

  #click(event) {
    if (Date.now() - this.#dragged > 300) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #scrollToDay() {
    const head = this.element.querySelector(".ec-col-head");
    const weekday = (new Date(this.data.day).getUTCDay() + 6) % 7;
    this.element.querySelector(".ec-main").scrollLeft = weekday * head.offsetWidth;
  }

  #dropped({ event, oldEvent, oldResource, newResource, revert }) {
    if (event.allDay === oldEvent.allDay) return this.#send(event, newResource ? { row: oldResource.id, to: newResource.id } : {});
    revert();
    toast({ text: this.data.noWholeDay, tone: "warn" });
  }

  // In another row somebody else has it; what is refused goes back with the words of the server.
  async #send(event, changed) {
    const { task, version, estimate } = event.extendedProps;
    this.#isBusy = true;
    const values = { due: stamp(event.start), minutes: estimate ?? "", version, ...changed };
    await htmx.ajax("POST", `/tasks/${task}/move`, { values, source: this.element, swap: "none" });
    this.#isBusy = Boolean(this.#waiting);
    this.#later(0);
  }

  // Alt and arrows move what has the focus, with Shift they stretch it; it is sent when the keys rest.
  #key(event) {
    const steps = this.isInRows ? IN_ROWS : this.data.mode === "month" ? IN_MONTH : ARROWS;
    const item = event.target.closest("[data-item]");
    const toRow = this.isInRows && !event.shiftKey && TO_ROWS[event.key];
    if (!event.altKey || !item || !(toRow || event.key in steps)) return;
    const found = this.calendar.getEventById(item.dataset.id);
    if (!found?.editable) return;
    event.preventDefault();
    if (toRow) return this.#toRow(found, item, toRow);
    const by = steps[event.key] * MINUTE;
    const end = new Date(found.end.getTime() + by);
    const start = event.shiftKey ? found.start : new Date(found.start.getTime() + by);
    if (end - start < STEP * MINUTE) return;
    const moved = { ...found, start, end };
    this.#push(moved, event.shiftKey ? { minutes: minutes(moved) } : {});
  }

  #toRow(found, item, by) {
    const rows = this.calendar.getOption("resources").map(({ id }) => id);
    const from = rows[parseInt(item.style.gridRow) - 1];
    const to = rows[rows.indexOf(from) + by];
    if (!to) return;
    this.#push({ ...found, resourceIds: [...found.resourceIds.filter((id) => id !== from), to] }, { row: from, to });
  }

  #push(moved, changed) {
    if (this.#waiting && this.#waiting.event.id !== moved.id) this.#flush();
    const before = this.#waiting?.changed;
    this.#waiting = { event: moved, changed: { ...before, ...changed, ...(before?.row && { row: before.row }) } };
    this.calendar.updateEvent({ ...moved, start: stamp(moved.start), end: stamp(moved.end) });
    // The calendar draws in a microtask: the next key finds the focus where it was.
    queueMicrotask(() => this.#item(moved.id)?.focus());
    clearTimeout(this.#pushed);
    this.#isBusy = true;
    this.#pushed = setTimeout(() => this.#flush(), PAUSE);
  }

  #flush() {
    clearTimeout(this.#pushed);
    const { event, changed } = this.#waiting;
    this.#waiting = null;
    return this.#send(event, changed);
  }

  #item(id) {
    return this.element.querySelector(`[data-item][data-id="${CSS.escape(id)}"] a`);
  }

  #create(start, end, row) {
    if (!end && this.data.mode === "month") start = new Date(start.getFullYear(), start.getMonth(), start.getDate(), 9);
    const url = new URL(this.data.new, location.href);
    const values = { kind: "meeting", due: stamp(start), estimate_minutes: end ? Math.round((end - start) / MINUTE) : 60 };
    for (const [key, value] of Object.entries(values)) url.searchParams.set(key, value);
    if (row) url.searchParams.set(this.data.mode === "team" ? "who" : "record", this.data.mode === "team" ? row.id : row.id.slice(1));
    htmx.ajax("GET", url.pathname + url.search, { target: "#dialog", source: this.element });
    this.calendar.unselect();
  }

  #renewPanel(id) {
    if (id && isPanelOpen() && panelUrl() === `/tasks/${id}/`) openPanel(panelUrl(), { replace: true });
  }
}

function label(resource) {
  if (!resource.extendedProps.url) return "";
  const link = Object.assign(document.createElement("a"), { href: resource.extendedProps.url, textContent: resource.title });
  if (resource.id.startsWith("r")) link.dataset.panel = "";
  return { domNodes: [link] };
}

function mark(element, event) {
  if (!event.extendedProps.url) return;
  element.dataset.item = "";
  element.dataset.id = event.id;
}

export function start(element) {
  const schedule = new Schedule(element);
  return () => schedule.stop();
}
