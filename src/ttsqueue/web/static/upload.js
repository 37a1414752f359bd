// Choosing a book: a file that is dropped anywhere or chosen goes off at once.

export function startUpload(root) {
  const form = root.querySelector("#choose");
  const file = form.querySelector("#file");
  const drop = form.querySelector("#drop");
  const listeners = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { signal: listeners.signal });

  listen(file, "change", () => file.files.length && form.requestSubmit());
  listen(document, "dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.add("is-over");
  });
  listen(document, "dragleave", (event) => event.relatedTarget === null && drop.classList.remove("is-over"));
  listen(document, "drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    drop.classList.remove("is-over");
    file.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  return () => listeners.abort();
}
