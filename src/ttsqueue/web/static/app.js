// Pages are whole without this script. It sends forms without a reload, with a bar, and brings pages to life.

import { startBook } from "./book.js";
import { startReview } from "./review.js";
import { startUpload } from "./upload.js";

const STARTS = { upload: startUpload, review: startReview, book: startBook, problem: () => null };
let stop = null;
let shown = location.pathname + location.search;

function start() {
  localise(document);
  const root = document.querySelector("[data-page]");
  stop = STARTS[root?.dataset.page]?.(root) ?? null;
}

/** Times in the reader's own zone, languages by name. */
export function localise(part) {
  const today = new Date().toDateString();
  for (const time of part.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    const day = at.toDateString() === today ? {} : { day: "numeric", month: "short" };
    time.textContent = at.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
    time.title = at.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "medium" });
  }
  for (const place of part.querySelectorAll("span[data-language]")) place.textContent = languageName(place.dataset.language);
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

/** Posts a form and shows the page that comes back. Uploads show how far they are. */
function send(form) {
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const request = new XMLHttpRequest();
  const data = new FormData(form);
  const buttons = [...form.querySelectorAll("button:not(:disabled)")];
  const rest = (message) => {
    bar?.classList.remove("is-on");
    if (said) said.textContent = message;
    for (const button of buttons) button.disabled = false;
  };
  for (const button of buttons) button.disabled = true;
  request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
    if (!bar || !lengthComputable) return;
    bar.classList.add("is-on");
    bar.value = loaded / total;
    if (said) said.textContent = loaded < total ? `Sending, ${Math.floor((100 * loaded) / total)} %` : said.dataset.said;
  };
  request.onerror = () => rest("The server cannot be reached. Nothing is lost; try again in a moment.");
  request.onload = () => {
    if (!(request.getResponseHeader("content-type") ?? "").includes("text/html")) return rest(sentenceIn(request));
    show(request.responseText, request.responseURL, form.action);
  };
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(data);
}

function sentenceIn(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return "The server did not answer as expected; try again in a moment.";
  }
}

function show(html, address, postedTo) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!(page.querySelector("[data-page]")?.dataset.page in STARTS)) return location.assign(address);
  stop?.();
  document.title = page.title;
  document.getElementById("main").replaceWith(document.adoptNode(page.getElementById("main")));
  if (address !== postedTo && address !== location.href) history.pushState(null, "", address);
  shown = location.pathname + location.search;
  scrollTo(0, 0);
  start();
  document.getElementById("main").focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-send]") || event.defaultPrevented) return;
  event.preventDefault();
  send(event.target);
});
addEventListener("popstate", () => {
  // Links to a part of this page come here too.
  if (location.pathname + location.search !== shown) location.reload();
});
start();
