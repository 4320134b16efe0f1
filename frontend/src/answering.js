// Answering a comment: its beginning stands above what one writes until it is sent or let go.
const LONGEST = 120;

export function answer(card, button) {
  const { answer: id, who } = button.dataset;
  const text = button.closest("li").querySelector(".comment .long")?.textContent.trim().slice(0, LONGEST) ?? "";
  const form = card.querySelector("[data-composer]");
  if (!form) return;
  const quote = form.querySelector("[data-quote]");
  form.elements.answers.value = id;
  quote.querySelector("b").textContent = who;
  quote.querySelector("b + span").textContent = text;
  quote.hidden = false;
  form.elements.text.focus();
}

export function stopAnswering(form) {
  form.elements.answers.value = "";
  form.querySelector("[data-quote]").hidden = true;
  form.elements.text.focus();
}
