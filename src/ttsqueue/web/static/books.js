// The list of books: a search that follows the choice, older books in place, and a delete that can be undone.

import { localise } from "./app.js";

const UNDO_FOR = 10_000;
const form = document.getElementById("chosen");
const said = document.getElementById("said");

const boxes = () => [...document.querySelectorAll("#shelf input[name=job]")];
const chosen = () => boxes().filter((box) => box.checked && !box.closest("li").hidden);
const books = (number) => `${number} ${number === 1 ? "book" : "books"}`;

document.querySelector("#search select")?.addEventListener("change", (event) => event.target.form.requestSubmit());

// --- choosing ---

function count() {
  const number = chosen().length;
  document.getElementById("chosen-count").textContent = number ? `${books(number)} chosen` : "Choose books to stop, retry or delete them";
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
  count();
}

// --- deleting: the rows go at once, the books ten seconds later ---

let pending = null;

function removeSoon() {
  finish();
  const rows = chosen().map((box) => box.closest("li"));
  const ended = rows.filter((row) => "ended" in row.dataset);
  const left = rows.length - ended.length;
  if (!ended.length) return say("Books that wait or are being spoken cannot be deleted; stop them first.");
  for (const row of ended) row.hidden = true;
  pending = { rows: ended, body: bodyFor(ended), since: Date.now() };
  pending.timer = setInterval(tick, 250);
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "small";
  undo.textContent = "Undo";
  undo.addEventListener("click", undoIt);
  const words = document.createElement("span");
  words.textContent = `${books(ended.length)} will be deleted in 10 s${left ? `; ${books(left)} must be stopped first` : ""}. `;
  const clock = document.createElement("span");
  clock.className = "countdown muted small";
  clock.setAttribute("aria-hidden", "true");
  said.replaceChildren(words, undo, clock);
  undo.focus();
  count();
}

function bodyFor(rows) {
  const body = new URLSearchParams({ action: "delete" });
  const token = form.querySelector("[name=csrf_token]");
  if (token) body.set("csrf_token", token.value);
  for (const row of rows) body.append("job", row.querySelector("[name=job]").value);
  return body;
}

function tick() {
  const left = Math.ceil((UNDO_FOR - (Date.now() - pending.since)) / 1000);
  said.querySelector(".countdown")?.replaceChildren(left > 0 ? `${left} s left` : "");
  if (left <= 0) finish();
}

function undoIt() {
  clearInterval(pending.timer);
  for (const row of pending.rows) row.hidden = false;
  const first = pending.rows[0].querySelector("input");
  pending = null;
  say("Nothing was deleted.");
  first.focus();
  count();
}

/** Sends what waits to be deleted; also when the page is left, since the rows are gone for the reader. */
async function finish() {
  if (!pending) return;
  const { rows, body, timer } = pending;
  clearInterval(timer);
  pending = null;
  try {
    const answer = await fetch("/books/chosen", { method: "POST", body, keepalive: true, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error(answer.status);
    for (const row of rows) row.remove();
    say(`${books(rows.length)} deleted.`);
  } catch {
    for (const row of rows) row.hidden = false;
    say("The books could not be deleted; they are all still here. Try again in a moment.");
  }
  count();
}

function say(sentence) {
  said.textContent = sentence;
}

addEventListener("pagehide", finish);

// --- older books in place ---

document.getElementById("more")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const link = event.currentTarget;
  link.setAttribute("aria-disabled", "true");
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    append(new DOMParser().parseFromString(await answer.text(), "text/html"), link);
  } catch {
    location.assign(link.href);
  }
});

function append(page, link) {
  const rows = [...page.querySelectorAll("#shelf > li")].map((row) => document.adoptNode(row));
  document.getElementById("shelf").append(...rows);
  for (const row of rows) localise(row);
  rows[0]?.querySelector("a").focus();
  const next = page.getElementById("more");
  if (next) link.href = next.href;
  else link.remove();
  link.removeAttribute("aria-disabled");
}
