// [data-reveals="id"] shows and hides what is typed into a password field.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-reveals]");
  const input = button && document.getElementById(button.dataset.reveals);
  if (!input) return;
  const shown = input.type === "text";
  input.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  input.focus();
});

// [data-copies] puts a text into the clipboard and says so.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copies);
  button.querySelector("span").textContent = button.dataset.copied;
});
