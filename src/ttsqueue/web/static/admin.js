// The admin's page kept up to date: the same address is fetched again and what changed is put in place.

import { localise } from "./app.js";
import { morph } from "./morph.js";

const EVERY = 5; // seconds; the server asks for more where a look costs more
const form = document.getElementById("chosen");
const list = document.getElementById("job-list");
let seen = new Date();
let timer = 0;

// --- choosing ---

const boxes = () => [...list.querySelectorAll("input[name=job]")];
const chosen = () => boxes().filter((box) => box.checked);

function count() {
  const number = chosen().length;
  const all = document.getElementById("choose-all");
  const [ones, everything] = document.getElementById("which").options;
  const words = number ? `the ${number} chosen` : "the chosen";
  if (ones.textContent !== words) ones.textContent = words;
  all.checked = number > 0 && number === boxes().length;
  all.indeterminate = number > 0 && !all.checked;
  for (const button of form.querySelectorAll("button[name=action]")) button.disabled = !number && !everything.selected;
}

form.addEventListener("change", (event) => {
  if (event.target.id === "choose-all") for (const box of boxes()) box.checked = event.target.checked;
  count();
});
addEventListener("pageshow", count);
count();

// --- looking again ---

async function look() {
  clearTimeout(timer);
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-page=admin]")) return refused(answer);
    merge(page);
    seen = new Date();
    say(isHeld() ? "live, new jobs are not listed while you choose" : "live", "is-live");
  } catch {
    say(`not live, last seen ${seen.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`, "is-lost");
  }
  lookSoon();
}

function lookSoon() {
  const every = Number(document.getElementById("charts").dataset.every) || EVERY;
  clearTimeout(timer);
  timer = setTimeout(look, every * 1000);
}

/** Another page came: the session has ended, or the server cannot answer now. */
function refused(answer) {
  const ended = answer.redirected || answer.status === 401 || answer.status === 403;
  say(ended ? "not live: sign in again to go on" : "not live: the server cannot answer now", "is-lost");
  if (!ended) lookSoon();
}

function say(words, kind) {
  const live = document.getElementById("live");
  if (live.textContent !== words) live.textContent = words;
  live.className = `live with-script small muted ${kind}`;
}

// --- putting in place ---

function merge(page) {
  showOwnTime(page);
  for (const fresh of page.querySelectorAll("[data-part]")) {
    const old = document.getElementById(fresh.id);
    if (old === list && isHeld()) morphKnown(old, fresh);
    else if (old) morphWithRows(old, fresh);
  }
  sayOnce();
  count();
}

/** Everywhere, the axes of the charts included. */
function showOwnTime(page) {
  localise(page);
  const week = page.getElementById("charts").dataset.span === "week";
  const form = week ? { weekday: "short", day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  for (const mark of page.querySelectorAll("text[data-at]")) mark.textContent = new Date(mark.dataset.at).toLocaleString("en-GB", form);
}

/** Rows must not move under the hand of whoever chooses among them. */
function isHeld() {
  return chosen().length > 0 || list.contains(document.activeElement);
}

function morphKnown(old, fresh) {
  for (const row of fresh.querySelectorAll("[data-rows] > *")) {
    const known = document.getElementById(row.id);
    if (known) morph(known, row);
  }
}

function morphWithRows(old, fresh) {
  const [rows, wanted] = [old.querySelector("[data-rows]"), fresh.querySelector("[data-rows]")];
  if (rows && wanted) align(rows, wanted);
  morph(old, fresh);
}

/** The same rows in the same order as in the fresh ones; those that stay are the same elements. */
function align(rows, wanted) {
  const known = new Map([...rows.children].map((row) => [row.id, row]));
  for (const row of [...rows.children]) if (![...wanted.children].some(({ id }) => id === row.id)) row.remove();
  let place = rows.firstElementChild;
  for (const row of wanted.children) {
    const old = known.get(row.id);
    if (old && old === place) place = place.nextElementSibling;
    else rows.insertBefore(old ?? document.importNode(row, true), place);
  }
}

/** To screen readers, when there is more or less to attend to; the number also stands in the window's title. */
function sayOnce() {
  const { say: sentence, number } = document.getElementById("attention").dataset;
  const said = document.getElementById("said-now");
  if (said.dataset.last !== undefined && said.dataset.last !== sentence) said.textContent = sentence;
  said.dataset.last = sentence;
  document.title = Number(number) ? `(${number}) Admin · ttsqueue` : "Admin · ttsqueue";
}

document.addEventListener("visibilitychange", look);
addEventListener("online", look);
addEventListener("pagehide", () => clearTimeout(timer));
addEventListener("pageshow", ({ persisted }) => persisted && look());
showOwnTime(document);
history.replaceState(null, "", withoutNews(new URL(location.href)));
sayOnce();
say("live", "is-live");
lookSoon();

/** What was done is said once, not after each reload. */
function withoutNews(address) {
  address.searchParams.delete("did");
  return address;
}
