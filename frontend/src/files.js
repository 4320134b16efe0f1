// A box of files: chosen, dropped or pasted files are sent one by one with their progress, then attached together.
//
// `data-attach` is the address that attaches ids to `data-place` of a card; in a form `data-name` names the hidden
// inputs instead; a form that is sent meanwhile waits for them. Pictures open over the page, arrows go through them.
import { csrf, htmx } from "./requests.js";
import { icon, toast } from "./toast.js";
import { word } from "./words.js";

const AT_ONCE = 2;

class Files {
  #stop = new AbortController();
  #waiting = [];
  #running = 0;
  #sent = [];
  #submitted = false;

  constructor(element) {
    this.element = element;
    this.input = element.querySelector("[data-upload]");
    const options = { signal: this.#stop.signal };
    element.addEventListener("click", (event) => this.#click(event), options);
    if (!this.input) return;
    this.input.addEventListener("change", () => {
      this.add(this.input.files);
      this.input.value = "";
    }, options);
    // A phone's camera: one picture at a time, sent like a chosen one.
    const camera = element.querySelector("[data-snap]");
    camera?.addEventListener("change", () => {
      this.add(camera.files);
      camera.value = "";
    }, options);
    for (const name of ["dragenter", "dragover"]) element.addEventListener(name, (event) => this.#over(event), options);
    for (const name of ["dragleave", "drop"]) element.addEventListener(name, () => element.classList.remove("dropping"), options);
    element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.add(event.dataTransfer.files);
    }, options);
    document.addEventListener("paste", (event) => this.#paste(event), options);
    this.form = element.closest("form");
    this.form?.addEventListener("submit", (event) => this.#submit(event), { ...options, capture: true });
  }

  stop() {
    this.#stop.abort();
  }

  #over(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    this.element.classList.add("dropping");
  }

  // What is pasted goes to the box in focus, otherwise beside the fields of the card.
  #paste(event) {
    const { files } = event.clipboardData;
    if (!files.length || event.defaultPrevented || this.element.closest("[hidden]")) return;
    const focused = document.activeElement.closest("[data-files]");
    if (focused ? focused !== this.element : this.element.dataset.place !== "" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.add(files);
  }

  add(files) {
    const chosen = this.input.multiple ? [...files] : [...files].slice(0, 1);
    for (const file of chosen) this.#waiting.push([file, this.#row(file.name)]);
    while (this.#running < AT_ONCE && this.#waiting.length) this.#next();
  }

  #row(name) {
    let list = this.element.querySelector(".file-list");
    if (!list) {
      list = document.createElement("ul");
      list.className = "file-list";
      this.element.prepend(list);
    }
    const row = document.createElement("li");
    row.className = "file";
    const words = document.createElement("span");
    words.className = "grow cut";
    words.textContent = name;
    const progress = document.createElement("progress");
    progress.max = 1;
    progress.value = 0;
    progress.ariaLabel = name;
    row.append(words, progress);
    list.append(row);
    return row;
  }

  #next() {
    const [file, row] = this.#waiting.shift();
    this.#running += 1;
    const request = new XMLHttpRequest();
    request.open("POST", `${this.input.dataset.upload}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => (row.querySelector("progress").value = loaded / total));
    request.addEventListener("loadend", () => {
      this.#running -= 1;
      if (request.status === 201) this.#arrived(request.response, row);
      else this.#refused(file, row, request);
      if (this.#waiting.length) this.#next();
      else if (!this.#running) this.#finish();
    });
    request.send(file);
  }

  #arrived(sent, row) {
    row.querySelector("progress").remove();
    if (this.element.dataset.attach) return void this.#sent.push(sent.id);
    const hidden = document.createElement("input");
    Object.assign(hidden, { type: "hidden", name: this.element.dataset.name, value: `${sent.id}:` });
    const remove = document.createElement("button");
    Object.assign(remove, { type: "button", className: "button ghost square", ariaLabel: word("remove") });
    remove.dataset.unchoose = "";
    remove.append(icon("x"));
    if (!this.input.multiple) for (const other of row.parentElement.children) if (other !== row) other.remove();
    row.append(hidden, remove);
  }

  #refused(file, row, request) {
    row.remove();
    const why = request.response?.error ?? word(request.status ? "failed" : "offline");
    toast({ text: `${file.name}: ${why}`, tone: "bad" });
  }

  #finish() {
    if (this.#submitted) this.form.requestSubmit();
    this.#submitted = false;
    this.#attach();
  }

  // What is on its way belongs to what is sent.
  #submit(event) {
    if (!this.#running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#submitted = true;
  }

  #attach() {
    const files = this.#sent.splice(0).join(",");
    if (!files) return;
    const { attach, place = "" } = this.element.dataset;
    htmx.ajax("POST", attach, { source: this.element, swap: "none", values: { files, place } });
  }

  #click(event) {
    event.target.closest("[data-unchoose]")?.closest("li").remove();
    const face = event.target.closest("[data-view]");
    if (!face || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show([...this.element.querySelectorAll("[data-view]")], face);
  }
}

// One picture over the page; arrows and clicks on the halves go to the next ones.
function show(faces, first) {
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  const image = document.createElement("img");
  const caption = document.createElement("a");
  caption.target = "_blank";
  caption.rel = "noopener";
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button ghost square", ariaLabel: word("close") });
  close.append(icon("x"));
  close.addEventListener("click", () => dialog.close());
  let at = faces.indexOf(first);
  const turn = (by) => {
    at = (at + by + faces.length) % faces.length;
    image.src = faces[at].dataset.view;
    image.alt = faces[at].title;
    caption.href = faces[at].href;
    caption.textContent = faces.length > 1 ? `${faces[at].title} · ${at + 1} / ${faces.length}` : faces[at].title;
  };
  dialog.append(close, image, caption);
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) turn(by);
    event.stopPropagation();
  });
  image.addEventListener("click", ({ offsetX }) => turn(offsetX < image.clientWidth / 2 ? -1 : 1));
  dialog.addEventListener("close", () => {
    dialog.remove();
    first.focus();
  });
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
}

export function start(element) {
  const files = new Files(element);
  return () => files.stop();
}
