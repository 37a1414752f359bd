// Choosing a book: a file that is dropped or pasted anywhere, or chosen, goes off at once; pasted text gets its field.

export function startUpload(root) {
  const form = root.querySelector("#choose");
  const file = form.querySelector("#file");
  const drop = form.querySelector("#drop");
  const listeners = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { signal: listeners.signal });

  const paste = form.querySelector("#paste");
  const take = (files) => {
    file.files = files;
    form.requestSubmit();
  };

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
    take(event.dataTransfer.files);
  });
  listen(document, "paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      return take(event.clipboardData.files);
    }
    if (event.target.closest?.("input, textarea")) return;
    paste.open = true;
    const field = paste.querySelector("textarea");
    field.value = event.clipboardData.getData("text/plain");
    field.focus();
  });
  return () => listeners.abort();
}
