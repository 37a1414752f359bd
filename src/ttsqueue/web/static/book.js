// The page of one book. The server renders it; what changes is fetched and put in place without moving anything.

import { localise } from "./app.js";
import { connect } from "./connection.js";
import { morph } from "./morph.js";
import { startPlayer } from "./player.js";

const PAUSE = 700; // ms between two looks at the page
const SIGNED_OUT = "not live: signed out, reload to sign in";

export function startBook(root) {
  const address = location.pathname;
  const player = startPlayer(root, () => look());
  let disconnect = null;
  let looking = null;
  let again = false;
  let ended = false;

  /** Brings the page up to date; calls that come meanwhile become one more look. */
  function look() {
    if (looking) again = true;
    else looking = fetchPage().finally(() => setTimeout(lookAgain, PAUSE));
    return looking;
  }
  function lookAgain() {
    looking = null;
    if (again && !ended) [again] = [false, look()];
  }
  async function fetchPage() {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (ended || !answer) return;
    if (answer.status === 404) return gone();
    if (answer.redirected) return signedOut();
    if (answer.ok) merge(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }
  function merge(page) {
    localise(page);
    for (const fresh of page.querySelectorAll("[data-part]")) {
      const old = document.getElementById(fresh.id);
      if (old) morph(old, fresh);
    }
    document.title = page.title;
    sayOnce(root, root.querySelector("#status").dataset.say);
    player.update();
    follow();
  }
  function onMessage(message) {
    if (message.type === "deleted") return gone();
    if (message.type !== "job") return;
    showPercent(root, message.job);
    look();
  }
  /** Listens while there is something to wait for. */
  function follow() {
    const open = root.querySelector("#status").dataset.open === "1";
    if (open && !disconnect) disconnect = connect(root.dataset.job, { onMessage, onState: (...state) => showState(root, ...state) });
    if (open || !disconnect) return;
    disconnect();
    disconnect = null;
    showState(root, "still");
  }
  function signedOut() {
    disconnect?.();
    showState(root, "out");
  }
  function gone() {
    disconnect?.();
    location.assign(address);
  }

  root.querySelector("#said").dataset.last = root.querySelector("#status").dataset.say;
  follow();
  return () => {
    ended = true;
    disconnect?.();
    player.stop();
  };
}

/** The number that changes most often needs no look at the page. */
function showPercent(root, job) {
  const bar = root.querySelector("#progress");
  const percent = root.querySelector("#percent");
  if (job.status !== "processing" || !bar || !percent || job.progressPercent < bar.value) return;
  bar.value = job.progressPercent;
  percent.textContent = `${job.progressPercent} %`;
  document.title = document.title.replace(/^\d+ %/, `${job.progressPercent} %`);
}

function showState(root, state, seen) {
  const live = root.querySelector("#live");
  const at = seen?.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const words = { live: "live", asking: "asking every 3 s", lost: `reconnecting, last seen ${at}`, out: SIGNED_OUT, still: "\u00a0" }[state];
  if (live.textContent !== words) live.textContent = words;
  live.className = `live with-script small muted is-${state}`;
}

/** Spoken by screen readers when the chapter or the state changes, and only then. */
function sayOnce(root, sentence) {
  const said = root.querySelector("#said");
  if (said.dataset.last === sentence) return;
  said.dataset.last = sentence;
  said.textContent = sentence;
}
