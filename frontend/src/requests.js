// htmx and how we use it: no eval, our CSRF token.
import htmx from "htmx.org";

function refuse() {
  throw new Error("Code in attributes is not allowed; write a module.");
}

// Filters in hx-trigger, `js:` values and hx-on would need unsafe-eval.
htmx.registerExtension("no-eval", { init: (api) => api.initSecurity(null, refuse, refuse) });
htmx.config.noSwap = [204, 304, "5xx"];
htmx.config.defaultTimeout = 30_000;
// What other rooms draw on a card is fetched by itself, also when the card around it is drawn anew.
htmx.config.morphSkipChildren = "[data-part]";

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

document.addEventListener("htmx:config:request", ({ detail }) => {
  if (detail.ctx.request.method !== "GET") detail.ctx.request.headers["X-CSRFToken"] = csrf();
});

// A request by hand with the same headers; null when the server could not be reached.
export async function ask(url, { method = "GET", body, signal, headers } = {}) {
  try {
    const answer = await fetch(url, {
      method, body, signal,
      credentials: "same-origin",
      headers: { "HX-Request": "true", "HX-Current-URL": location.href, ...(method === "GET" ? {} : { "X-CSRFToken": csrf() }), ...headers },
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere) location.assign(elsewhere);
    return answer;
  } catch {
    return null;
  }
}

export { htmx };
