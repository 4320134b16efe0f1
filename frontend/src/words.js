// Words for the person, translated by the server: `<div id="words" data-undo="Отменить" …>`.
export const word = (key) => document.getElementById("words")?.dataset[key] ?? "";
