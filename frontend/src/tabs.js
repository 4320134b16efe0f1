// Tabs of a card: one pane in sight, the others in the page but hidden. Arrows, Home and End move along the bar.
//
// The address says which one is open (`?tab=money`), so reload, sharing and a renewed card keep it. Without this module
// the links work by themselves.
import { isPanelOpen, panelUrl, renamePanel } from "./panel.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

const tabs = (card) => [...card.querySelectorAll(":scope > [role=tablist] > [role=tab]")];
const pane = (card, tab) => card.querySelector(`#${CSS.escape(tab.getAttribute("aria-controls"))}`);
const selected = (card) => tabs(card).find((tab) => tab.ariaSelected === "true");

// The card's address, at the tab in sight.
export function addressOf(card) {
  const tab = selected(card);
  return tab ? new URL(tab.href).pathname + new URL(tab.href).search : card.dataset.url;
}

export function markTabs(card) {
  for (const tab of tabs(card)) tab.classList.toggle("lacking", Boolean(pane(card, tab)?.querySelector(".lacking")));
  selected(card)?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Brings the pane that holds an element into sight.
export function uncover(card, element) {
  const hidden = element.closest("[role=tabpanel][hidden]");
  const tab = hidden && tabs(card).find((each) => each.getAttribute("aria-controls") === hidden.id);
  if (tab) show(card, tab);
}

function show(card, tab) {
  for (const each of tabs(card)) {
    each.ariaSelected = String(each === tab);
    each.tabIndex = each === tab ? 0 : -1;
    const content = pane(card, each);
    if (content) content.hidden = each !== tab;
  }
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.querySelector(".card-left").scrollTop = 0;
  const address = addressOf(card);
  if (card.closest("#panel")) isPanelOpen() && panelUrl() !== address && renamePanel(address);
  else history.replaceState(history.state, "", address);
}

export function clickTab(card, event) {
  const tab = event.target.closest("[role=tab]");
  if (!tab || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return false;
  event.preventDefault();
  show(card, tab);
  return true;
}

export function keyInTabs(card, event) {
  const tab = event.target.closest("[role=tab]");
  if (!tab || event.metaKey || event.ctrlKey || event.altKey) return;
  const all = tabs(card);
  const ends = { Home: 0, End: all.length - 1 };
  const step = STEPS[event.key];
  if (step === undefined && ends[event.key] === undefined && event.key !== " ") return;
  event.preventDefault();
  const place = step ? (all.indexOf(tab) + step + all.length) % all.length : (ends[event.key] ?? all.indexOf(tab));
  show(card, all[place]);
  all[place].focus();
}
