// Who else looks at this card: a sign every 15 seconds while the page is in sight; the answer is their avatars.
import { ask } from "./requests.js";

const PAUSE = 15_000;

export class Viewers {
  #timer;
  #shown = "";

  constructor(card) {
    this.card = card;
    this.url = `${new URL(card.dataset.url, location).pathname}viewers`;
    this.#tick();
  }

  async #tick() {
    if (document.visibilityState === "visible") {
      const answer = await ask(this.url, { method: "POST" });
      if (answer?.ok) this.#shown = await answer.text();
      this.show();
    }
    if (this.url) this.#timer = setTimeout(() => this.#tick(), PAUSE);
  }

  // Also after the head of the card was drawn anew.
  show() {
    const place = this.card.querySelector("[data-viewers]");
    if (place && place.innerHTML !== this.#shown) place.innerHTML = this.#shown;
  }

  stop() {
    clearTimeout(this.#timer);
    ask(this.url, { method: "POST", body: new URLSearchParams({ left: "1" }) });
    this.url = "";
  }
}
