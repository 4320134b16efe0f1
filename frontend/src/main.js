// The one entry. Modules listen on `document`, so they survive a replaced body; islands load on demand.
import "./requests.js";
import "./theme.js";
import "./password.js";
import "./toast.js";
import "./failures.js";
import "./dialog.js";
import "./menu.js";
import "./drawer.js";
import "./panel.js";
import "./keyboard.js";
import "./search.js";
import "./palette.js";
import "./combobox.js";
import "./progress.js";
import "./events.js";
import "./records.js";
import "./islands.js";
