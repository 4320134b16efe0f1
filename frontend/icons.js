// Makes one SVG sprite of the icons named in icons.json, from Tabler Icons (MIT).
import { readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "node_modules/@tabler/icons/icons/outline");
const LIST = join(import.meta.dirname, "icons.json");

function symbol(name) {
  const drawing = readFileSync(join(FOLDER, `${name}.svg`), "utf8");
  const shapes = drawing
    .slice(drawing.indexOf(">", drawing.indexOf("<svg")) + 1, drawing.lastIndexOf("</svg>"))
    .replace(/<path stroke="none"[^>]*>/, "")
    .replace(/\s+/g, " ")
    .replace(/> </g, "><")
    .trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

export function iconSprite() {
  return {
    name: "icon-sprite",
    buildStart() {
      const names = [...new Set(JSON.parse(readFileSync(LIST, "utf8")))].sort();
      this.addWatchFile(LIST);
      this.emitFile({
        type: "asset",
        name: "icons.svg",
        originalFileName: "src/icons.svg",
        source: `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`,
      });
    },
  };
}
