// Requests that failed, said in words.
import { toast } from "./toast.js";
import { word } from "./words.js";

document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const said = ctx.response.headers.get("HX-Trigger")?.includes('"toast"');
  if (ctx.response.status >= 500 && !said) toast({ text: word("failed"), tone: "bad" });
});
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail.ctx) toast({ text: word("offline"), tone: "bad" });
});
