// The list of books: a search that follows the choice, older books in place, and a delete that can be undone.

import { localise } from "./app.js";

const UNDO_FOR = 10_000; // ms
const form = document.getElementById("choosing");
const said = document.getElementById("said");

const boxes = () => [...document.querySelectorAll("#shelf input[name=job]:enabled")];
const chosen = () => boxes().filter((box) => box.checked);
const books = (number) => `${number} ${number === 1 ? "book" : "books"}`;

document.querySelector("#search select")?.addEventListener("change", (event) => event.target.form.requestSubmit());
forgetWhatWasDone();

/** A reload must not say again what was done before. */
function forgetWhatWasDone() {
  const address = new URL(location.href);
  address.searchParams.delete("did");
  history.replaceState(null, "", address);
}

// --- choosing ---

function count() {
  const number = chosen().length;
  document.getElementById("chosen-count").textContent = number ? `${books(number)} chosen` : "No book chosen";
  for (const button of form.querySelectorAll("button[name=action]")) button.disabled = number === 0;
}

if (form) {
  form.addEventListener("change", count);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "delete") return;
    event.preventDefault();
    removeSoon();
  });
  addEventListener("pageshow", count);
  addEventListener("beforeunload", removeNow); // comes before the next page is asked for, so that it is up to date
  addEventListener("pagehide", removeNow); // for browsers on phones, which know no other
  count();
}

// --- deleting: the rows go at once, the books ten seconds later ---

let removal = null;

function removeSoon() {
  removeNow();
  const rows = chosen().map((box) => box.closest("li"));
  const ended = rows.filter((row) => "ended" in row.dataset);
  if (!ended.length) return say("Books that wait or are being spoken cannot be deleted; stop them first.");
  show(ended, false);
  removal = { rows: ended, until: Date.now() + UNDO_FOR, timer: setInterval(tick, 250) };
  const left = rows.length - ended.length;
  offerUndo(`${books(ended.length)} will be deleted in 10 s${left ? `; ${books(left)} must be stopped first` : ""}.`);
}

/** Rows that are not shown are not sent with the form either. */
function show(rows, shown) {
  for (const row of rows) {
    row.hidden = !shown;
    row.querySelector("input").disabled = !shown;
  }
  count();
}

function offerUndo(sentence) {
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "small";
  undo.textContent = "Undo";
  undo.addEventListener("click", undoIt);
  const words = document.createElement("span");
  words.textContent = sentence;
  const clock = document.createElement("span");
  clock.className = "countdown muted small";
  clock.setAttribute("aria-hidden", "true");
  said.replaceChildren(words, undo, clock);
  undo.focus();
}

function tick() {
  const left = Math.ceil((removal.until - Date.now()) / 1000);
  said.querySelector(".countdown")?.replaceChildren(left > 0 ? `${left} s left` : "");
  if (left <= 0) removeNow();
}

function undoIt() {
  const { rows, timer } = removal;
  clearInterval(timer);
  removal = null;
  show(rows, true);
  say("Nothing was deleted.");
  rows[0].querySelector("input").focus();
}

/** Sends what waits to be deleted; also when the page is left, since for the reader the books are gone. */
async function removeNow() {
  if (!removal) return;
  const { rows, timer } = removal;
  clearInterval(timer);
  removal = null;
  let sentence = `${books(rows.length)} deleted.`;
  try {
    const answer = await fetch("/books/chosen", { method: "POST", body: bodyFor(rows), keepalive: true, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(answer.status);
    for (const row of rows) row.remove();
  } catch {
    show(rows, true);
    sentence = "The books could not be deleted; they are all still here. Try again in a moment.";
  }
  if (!removal) say(sentence);
  if (!document.querySelector("#shelf > li")) location.assign("/books");
}

function bodyFor(rows) {
  const body = new URLSearchParams({ action: "delete" });
  const token = form.querySelector("[name=csrf_token]");
  if (token) body.set("csrf_token", token.value);
  for (const row of rows) body.append("job", row.querySelector("[name=job]").value);
  return body;
}

function say(sentence) {
  const hadFocus = said.contains(document.activeElement);
  said.textContent = sentence;
  if (hadFocus) document.getElementById("main").focus();
}

// --- older books in place ---

document.getElementById("more")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const link = event.currentTarget;
  link.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    append(new DOMParser().parseFromString(await answer.text(), "text/html"), link);
  } catch {
    location.assign(link.href);
  }
});

function append(page, link) {
  const known = new Set([...document.querySelectorAll("#shelf [name=job]")].map((box) => box.value));
  const rows = [...page.querySelectorAll("#shelf > li")].filter((row) => !known.has(row.querySelector("[name=job]").value));
  document.getElementById("shelf").append(...rows.map((row) => document.adoptNode(row)));
  for (const row of rows) localise(row);
  rows[0]?.querySelector("a").focus();
  const next = page.getElementById("more");
  if (next) link.href = next.href;
  else link.remove();
  link.removeAttribute("aria-disabled");
}
