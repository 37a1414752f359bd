// The chapters before they are handed in: order, selection, how long it will sound, how the voice sounds.

import { length, money } from "./words.js";

const LONGEST_SAMPLE = 480; // characters

export function startReview(root) {
  const rows = root.querySelector("#rows");
  const speed = root.querySelector("#speed");
  const count = () => {
    renumber(rows);
    showSum(root, rows, Number(speed.value));
  };

  rows.addEventListener("change", count);
  root.querySelector("#voice").addEventListener("change", count);
  speed.addEventListener("input", count);
  rows.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    move(root, event.target.closest(".row"), by, event.target);
  });
  rows.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(root, button.closest(".row"), Number(button.dataset.move), button);
  });
  rows.addEventListener("pointerdown", (event) => {
    if (event.target.matches(".grip") && event.isPrimary) drag(root, event);
  });
  // Enter in a title must not hand in the book.
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])")) event.preventDefault();
  });
  count();
  return startHearing(root, rows);
}

function showSum(root, rows, speed) {
  const kept = [...rows.children].filter((row) => row.querySelector("[name=keep]").checked);
  const seconds = kept.reduce((sum, row) => sum + Number(row.dataset.seconds), 0) / speed;
  const sum = root.querySelector("#sum");
  const voice = root.querySelector("#voice").selectedOptions[0]?.dataset ?? {};
  const price = Number(voice.price ?? 0);
  const calls = voice.most ? kept.reduce((sum, row) => sum + JSON.parse(row.dataset.calls)[voice.most], 0) : 0;
  const cost = (price * kept.reduce((sum, row) => sum + Number(row.dataset.characters), 0)) / 1e6;
  root.querySelector("#price").hidden = !price;
  root.querySelector("#price-said").textContent = money(price);
  root.querySelector("#unpriced").hidden = !voice.unpriced;
  root.querySelector("#unpriced").textContent = voice.unpriced ?? "";
  root.querySelector("#submit-said").textContent = "";
  root.querySelector("#speed-said").textContent = `${speed.toFixed(1)}×`;
  root.querySelector("#make").disabled = kept.length === 0;
  sum.textContent = kept.length
    ? [
        `${kept.length} ${kept.length === 1 ? "chapter" : "chapters"}`,
        `about ${length(seconds)} of sound`,
        calls && `about ${calls.toLocaleString("en")} ${calls === 1 ? "call" : "calls"}`,
        price ? `costs about ${money(cost)}` : voice.unpriced && "costs money, nobody knows how much",
        sum.dataset.starts,
      ]
        .filter(Boolean)
        .join(" · ")
    : "No chapter is chosen";
}

function move(root, row, by, focused) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  by < 0 ? other.before(row) : other.after(row);
  focused.focus();
  row.scrollIntoView({ block: "nearest" });
  renumber(row.parentElement);
  say(root, row);
}

/** What is left out has no number. */
function renumber(rows) {
  let number = 0;
  [...rows.children].forEach((row, index) => {
    row.querySelector(".order").textContent = row.querySelector("[name=keep]").checked ? ++number : "–";
    row.querySelector(".in-place").setAttribute("aria-label", `Title of entry ${index + 1}`);
  });
}

function say(root, row) {
  const place = [...row.parentElement.children].indexOf(row) + 1;
  root.querySelector("#moved-said").textContent = `${row.querySelector(".in-place").value} is now entry ${place} of ${row.parentElement.children.length}`;
}

function drag(root, event) {
  const grip = event.target;
  const row = grip.closest(".row");
  const rows = row.parentElement;
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  row.classList.add("is-moving");
  // The neighbours move, not the row: taken out of the page it would lose the pointer.
  grip.onpointermove = ({ clientY }) => {
    if (clientY < 60) scrollBy(0, -12);
    if (clientY > innerHeight - 60) scrollBy(0, 12);
    while (clientY < middle(row.previousElementSibling, -Infinity)) row.after(row.previousElementSibling);
    while (clientY > middle(row.nextElementSibling, Infinity)) row.before(row.nextElementSibling);
  };
  grip.onpointerup = grip.onpointercancel = () => {
    grip.onpointermove = grip.onpointerup = grip.onpointercancel = null;
    row.classList.remove("is-moving");
    renumber(rows);
    say(root, row);
  };
}

function middle(row, otherwise) {
  const box = row?.getBoundingClientRect();
  return box ? box.top + box.height / 2 : otherwise;
}

/** Hear the first sentences of this book in the chosen voice. Returns what ends it. */
function startHearing(root, rows) {
  const button = root.querySelector("#hear");
  const said = root.querySelector("#hear-said");
  const sound = new Audio();
  let asking = null;

  const quiet = (message = "") => {
    asking?.abort();
    asking = null;
    sound.pause();
    URL.revokeObjectURL(sound.src);
    sound.removeAttribute("src");
    button.textContent = "▶ Hear it";
    said.textContent = message;
  };
  button.addEventListener("click", async () => {
    if (asking) return quiet();
    asking = new AbortController();
    const mine = asking;
    button.textContent = "■ Stop";
    said.textContent = "Preparing the sound";
    try {
      const blob = await preview(root, rows, mine.signal);
      sound.src = URL.createObjectURL(blob);
      await sound.play();
      said.textContent = "The beginning of this book";
    } catch (error) {
      if (asking === mine) quiet(error.message);
    }
  });
  sound.addEventListener("ended", () => quiet());
  return () => quiet();
}

/** The first sentences, not cut in the middle of one unless it is very long. */
function beginning(text) {
  const start = text.slice(0, LONGEST_SAMPLE);
  if (start.length === text.length) return start;
  const end = Math.max(...[". ", "! ", "? ", ".\n", "\n\n"].map((mark) => start.lastIndexOf(mark) + 1));
  return start.slice(0, end || start.lastIndexOf(" ") || LONGEST_SAMPLE);
}

async function preview(root, rows, signal) {
  const book = JSON.parse(root.querySelector("[name=book]").value);
  const first = rows.querySelector(".row:has([name=keep]:checked)")?.dataset.id;
  const chapter = book.chapters.find((chapter) => chapter.id === first) ?? book.chapters[0];
  const body = {
    text: beginning(chapter.text),
    voiceId: root.querySelector("#voice").value,
    speed: Number(root.querySelector("#speed").value),
    language: book.language,
  };
  const headers = { "Content-Type": "application/json" };
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) headers["X-CSRF-Token"] = token;
  const answer = await fetch("/api/tts/preview", { method: "POST", headers, body: JSON.stringify(body), signal }).catch(() => {
    throw new Error("The server cannot be reached; try again in a moment.");
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.blob();
}
