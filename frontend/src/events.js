// What others change reaches this page: server-sent events of /events, named topics only, never values.
//
// `<body data-events="/events" data-tickets="/events/ticket">`; the ticket address answers {ticket, expires_in}.
// One tab holds the stream and passes messages on to the others, as browsers allow six connections a host.
// Events on document: `trassa:changed` {topic, id, version} (id null: the whole list), at most every 300 ms per
// topic and id; `trassa:missed` after a gap: fetch again what you show.
import { ask } from "./requests.js";

const COALESCE = 300;
const EARLY = 30_000;
const LONGEST_PAUSE = 30_000;

const pending = new Map();
let flushing;

function receive(notices) {
  for (const [topic, id, version] of notices) {
    const key = `${topic} ${id}`;
    const known = pending.get(key);
    if (!known || (version ?? 0) >= (known.version ?? 0)) pending.set(key, { topic, id, version });
  }
  flushing ??= setTimeout(flush, COALESCE);
}

function flush() {
  flushing = undefined;
  const changes = [...pending.values()];
  pending.clear();
  for (const detail of changes) document.dispatchEvent(new CustomEvent("trassa:changed", { detail }));
}

const missed = () => document.dispatchEvent(new CustomEvent("trassa:missed"));

class Stream {
  #source;
  #attempt = 0;
  #wasOpen = false;
  #timer;

  constructor(send) {
    this.send = send;
    window.addEventListener("online", () => this.connect());
  }

  async connect() {
    clearTimeout(this.#timer);
    const { tickets, events } = document.body.dataset;
    const answer = await ask(tickets);
    if (answer && [401, 403, 404].includes(answer.status)) return this.close();
    if (!answer?.ok) return this.#later();
    const { ticket, expires_in: seconds = 300 } = await answer.json();
    const source = new EventSource(`${events}?ticket=${encodeURIComponent(ticket)}`);
    source.addEventListener("open", () => {
      // The old stream stays until the new one is open, so that nothing falls between them.
      if (this.#source !== source) this.#source?.close();
      this.#source = source;
      if (this.#wasOpen && this.#attempt) this.send({ missed: true });
      this.#attempt = 0;
      this.#wasOpen = true;
    });
    source.addEventListener("message", ({ data }) => this.send({ notices: asList(JSON.parse(data)) }));
    source.addEventListener("resync", () => this.send({ missed: true }));
    source.addEventListener("expired", () => this.connect());
    source.addEventListener("error", () => {
      source.close();
      if (!this.#source || this.#source === source) this.#later();
    });
    this.#timer = setTimeout(() => this.connect(), Math.max(10_000, seconds * 1000 - EARLY));
  }

  #later() {
    clearTimeout(this.#timer);
    this.#attempt += 1;
    const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#attempt) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.connect(), pause);
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
  }
}

// One notice [topic, id, version] or a list of them.
const asList = (data) => (Array.isArray(data[0]) ? data : [data]);

function take({ notices, missed: gap }) {
  if (gap) missed();
  if (notices) receive(notices);
}

function start() {
  if (!document.body.dataset.tickets) return;
  if (!navigator.locks || !window.BroadcastChannel) return void new Stream(take).connect();
  const channel = new BroadcastChannel("trassa-events");
  channel.addEventListener("message", ({ data }) => take(data));
  navigator.locks.request("trassa-events", () => {
    new Stream((message) => {
      channel.postMessage(message);
      take(message);
    }).connect();
    return new Promise(() => {});
  });
}

window.addEventListener("pageshow", ({ persisted }) => persisted && missed());
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
