// A form that takes one file: chosen or dropped anywhere on it; `data-chosen` says its name, and with `data-submits`
// the form is sent at once.
export function start(form) {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const input = form.querySelector("input[type=file]");
  const words = form.querySelector("[data-chosen]");
  const button = form.querySelector("[type=submit]");

  const show = () => {
    if (words && input.files.length) words.textContent = input.files[0].name;
    if (input.files.length && "submits" in form.dataset) form.requestSubmit();
  };
  input.addEventListener("change", show, options);
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("dropping");
    }, options);
  }
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("dropping"), options);
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    show();
  }, options);
  form.addEventListener("submit", () => button?.setAttribute("aria-busy", "true"), options);
  // Back brings the page as it was left: without the ring.
  addEventListener("pageshow", () => button?.removeAttribute("aria-busy"), options);
  return () => stop.abort();
}
