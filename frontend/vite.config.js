// Builds into the static files of the room `ui`; `trassa.ui.assets` reads the manifest.
import { defineConfig } from "vite";
import { iconSprite } from "./icons.js";

export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: false,
  plugins: [iconSprite()],
  build: {
    outDir: "../src/trassa/ui/static/ui/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome125", "firefox128", "safari18"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 200,
    rolldownOptions: { input: ["src/main.js", "src/styles/main.css", "src/styles/arranging.css", "src/styles/views.css", "src/styles/calendar.css", "src/styles/designer.css", "src/styles/rules.css", "src/styles/rights.css", "src/styles/discussion.css", "src/styles/handing.css", "src/styles/home.css", "src/styles/inbox.css", "src/styles/schedule.css"] },
  },
});
