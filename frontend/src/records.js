// A record that was created through the large form opens at once.
import { openPanel } from "./panel.js";

document.addEventListener("record:created", ({ detail }) => {
  if (!detail.quick && detail.url) openPanel(detail.url);
});
