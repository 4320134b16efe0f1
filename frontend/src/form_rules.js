// A form whose inputs appear, are asked for or are locked by conditions, <form data-rules="/r/deal/new/rules">: when an
// input changes that conditions look at (data-watched), the server is asked and says what to do; no rule is known here.
//
// Every control stands in a fieldset[data-slot]: hidden and disabled it is not sent, and what was typed stays in it.
import { ask } from "./requests.js";

const PAUSE = 250;

function nameOf(target) {
  const name = target.name || target.closest?.("[data-combobox]")?.dataset.combobox || "";
  return name.split("__")[0];
}

class Rules {
  #timer;
  #asked;
  #stop = new AbortController();

  constructor(form) {
    this.form = form;
    this.watched = form.dataset.watched.split(" ");
    const options = { signal: this.#stop.signal };
    form.addEventListener("input", (event) => this.#changed(event, PAUSE), options);
    form.addEventListener("change", (event) => this.#changed(event, 0), options);
  }

  stop() {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #changed({ target }, pause) {
    if (!this.watched.includes(nameOf(target))) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(), pause);
  }

  async #renew() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const typed = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    const answer = await ask(this.form.dataset.rules, { method: "POST", body: new URLSearchParams(typed), signal });
    const rules = answer?.ok ? await answer.json().catch(() => null) : null;
    if (rules && !signal.aborted) this.#apply(rules);
  }

  #apply({ hidden, required, locked, hints }) {
    for (const slot of this.form.querySelectorAll("[data-slot]")) {
      const code = slot.dataset.slot;
      const needed = required.includes(code);
      slot.hidden = hidden.includes(code) || (slot.hasAttribute("data-when-required") && !needed);
      slot.disabled = slot.hidden || locked.includes(code);
      slot.querySelector("label:not(.check), .label")?.toggleAttribute("data-required", needed);
      if (needed && !slot.hidden) slot.closest("details")?.setAttribute("open", "");
      const input = slot.querySelector("input.input, textarea");
      if (input && code in hints) input.placeholder = hints[code];
    }
  }
}

export function start(form) {
  const rules = new Rules(form);
  return () => rules.stop();
}
