// Messages of the browser: turns them on and off for this one. The worker that shows them lies at /push-worker.js.
import { ask, htmx } from "./requests.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const encoded = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

class Push {
  #stop = new AbortController();

  constructor(element) {
    this.element = element;
    const options = { signal: this.#stop.signal };
    this.part("on").addEventListener("click", () => this.#subscribe(), options);
    this.part("off").addEventListener("click", () => this.#unsubscribe(), options);
    element.addEventListener("htmx:after:swap", () => this.#show(), options);
    this.#begin();
  }

  stop() {
    this.#stop.abort();
  }

  part(name) {
    return this.element.querySelector(`[data-push-${name}]`);
  }

  async #begin() {
    if (!navigator.serviceWorker || !window.PushManager || !window.Notification) return this.#shown("absent");
    this.registration = await navigator.serviceWorker.register(this.element.dataset.worker, { scope: "/" });
    const known = await this.registration.pushManager.getSubscription();
    if (known && Notification.permission === "granted") await this.#send(known);
    this.#show();
  }

  async #show() {
    if (!this.registration) return;
    const known = await this.registration.pushManager.getSubscription();
    const listed = known && this.element.querySelector(`[data-endpoint="${CSS.escape(known.endpoint)}"]`);
    this.#shown(Notification.permission === "denied" ? "denied" : listed ? "off" : "on");
  }

  #shown(name) {
    for (const each of ["on", "off", "absent", "denied"]) this.part(each).hidden = each !== name;
  }

  async #subscribe() {
    if ((await Notification.requestPermission()) !== "granted") return this.#show();
    const key = bytes(this.element.dataset.push);
    try {
      await this.#send(await this.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
    } catch {
      return this.#shown("absent");
    }
    this.#show();
  }

  async #unsubscribe() {
    const known = await this.registration.pushManager.getSubscription();
    if (!known) return;
    await this.#post(this.element.dataset.remove, { endpoint: known.endpoint });
    await known.unsubscribe();
    this.#show();
  }

  #send(subscription) {
    const [p256dh, auth] = ["p256dh", "auth"].map((name) => encoded(subscription.getKey(name)));
    return this.#post(this.element.dataset.add, { endpoint: subscription.endpoint, p256dh, auth });
  }

  async #post(url, values) {
    const answer = await ask(url, { method: "POST", body: new URLSearchParams(values) });
    if (!answer?.ok) return;
    this.element.querySelector("#push-browsers").outerHTML = await answer.text();
    htmx.process(this.element.querySelector("#push-browsers"));
  }
}

export function start(element) {
  const push = new Push(element);
  return () => push.stop();
}
