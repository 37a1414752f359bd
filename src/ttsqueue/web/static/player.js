// One <audio> for all chapters of a book. It remembers where the listener was and answers the lock screen's keys.

import { keep, recall } from "./memory.js";
import { clock } from "./words.js";

const STEP = 30; // seconds
const REMEMBER_EVERY = 3; // seconds

/** `renew` fetches fresh addresses: those of last night have expired. */
export function startPlayer(root, renew) {
  const find = (id) => root.querySelector(`#${id}`);
  const audio = find("audio");
  const memory = `ttsqueue:position:${root.dataset.job}`;
  const listeners = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { signal: listeners.signal });
  let current = null; // number of the chapter
  let wanted = 0; // seconds to begin at, once the sound is there
  let renewed = false;
  let saved = 0;
  let sleeping = 0;
  let playsOn = false; // the listener waits for a chapter that is being spoken

  const row = (number) => find(`chapter-${number}`);
  const source = (number) => row(number)?.dataset.src;
  const seconds = (number) => Number(row(number)?.dataset.seconds ?? 0);
  const isComing = (number) => row(number)?.matches(".is-speaking, .is-waiting");
  const next = (number, by = 1) => (source(number + by) ? number + by : null);

  const say = (words) => (find("player-said").textContent = words);

  function load(number, at, thenPlay) {
    if (!source(number)) return;
    if (playsOn) say("");
    playsOn = false;
    current = number;
    wanted = at;
    audio.src = source(number);
    audio.playbackRate = Number(find("rate").value);
    if (thenPlay) audio.play().catch(() => {});
    find("now").textContent = `${number} · ${row(number).dataset.title}`;
    describe();
    show();
  }
  function jump(by) {
    const to = audio.currentTime + by;
    if (to < 0 && next(current, -1)) load(current - 1, Math.max(0, seconds(current - 1) + to), !audio.paused);
    else if (to > seconds(current) && next(current)) load(current + 1, 0, !audio.paused);
    else audio.currentTime = Math.min(Math.max(to, 0), audio.duration || seconds(current));
  }
  function toggle() {
    if (audio.paused) audio.play().catch(() => {});
    else audio.pause();
  }
  function show() {
    const total = audio.duration || seconds(current);
    const at = audio.readyState ? audio.currentTime : wanted;
    find("seek").max = total;
    find("seek").value = at;
    find("seek").setAttribute("aria-valuetext", `${clock(at)} of ${clock(total)}`);
    find("elapsed").textContent = clock(at);
    find("total").textContent = clock(total);
    mark();
  }
  function mark() {
    find("toggle").setAttribute("aria-label", audio.paused ? "Play" : "Pause");
    find("player").classList.toggle("is-playing", !audio.paused);
    for (const entry of root.querySelectorAll(".row.heard")) {
      const mine = entry.id === `chapter-${current}`;
      entry.classList.toggle("is-current", mine);
      entry.classList.toggle("is-playing", mine && !audio.paused);
      const verb = mine && !audio.paused ? "Pause" : "Play";
      entry.querySelector("a.play")?.setAttribute("aria-label", `${verb} ${entry.id.replace("-", " ")}, ${entry.dataset.title}`);
    }
  }
  function fallAsleep() {
    audio.pause();
    find("sleep").value = "";
    say("");
  }
  function remember() {
    if (current === null || !audio.readyState) return;
    saved = audio.currentTime;
    keep(memory, JSON.stringify({ chapter: current, at: saved }));
  }
  function describe() {
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({ title: row(current).dataset.title, album: root.dataset.bookTitle });
  }
  /** Draws the bar of the lock screen. */
  function place() {
    const { duration, currentTime, playbackRate } = audio;
    if (!(duration > 0)) return;
    navigator.mediaSession?.setPositionState?.({ duration, playbackRate, position: Math.min(currentTime, duration) });
  }

  listen(audio, "loadedmetadata", () => {
    if (wanted) audio.currentTime = Math.min(wanted, Math.max(0, audio.duration - 1));
    wanted = 0;
    renewed = false;
    audio.playbackRate = Number(find("rate").value);
    show();
    place();
  });
  for (const type of ["seeked", "ratechange"]) listen(audio, type, place);
  listen(audio, "timeupdate", () => {
    show();
    if (Math.abs(audio.currentTime - saved) > REMEMBER_EVERY) remember();
  });
  for (const type of ["play", "pause"]) listen(audio, type, () => [show(), remember()]);
  listen(audio, "ended", () => {
    const following = next(current);
    if (find("sleep").value === "chapter") find("sleep").value = "";
    else if (following) return load(following, 0, true);
    else if (isComing(current + 1)) {
      playsOn = true;
      say("Plays on when the next chapter is spoken");
    }
    show();
  });
  listen(audio, "error", async () => {
    if (!audio.getAttribute("src")) return;
    const at = audio.currentTime || wanted;
    if (renewed) return say("The sound cannot be reached; press play to try again");
    renewed = true;
    await renew();
    load(current, at, true);
  });
  listen(root, "click", (event) => {
    const play = event.target.closest("a.play");
    if (!play) return;
    event.preventDefault();
    const number = Number(play.id.replace("play-", ""));
    if (number === current) toggle();
    else load(number, 0, true);
  });
  listen(find("toggle"), "click", toggle);
  listen(find("back"), "click", () => jump(-STEP));
  listen(find("forward"), "click", () => jump(STEP));
  listen(find("seek"), "input", () => (audio.currentTime = Number(find("seek").value)));
  listen(find("rate"), "change", () => {
    audio.playbackRate = Number(find("rate").value);
    keep("ttsqueue:rate", find("rate").value);
  });
  listen(find("sleep"), "change", () => {
    clearTimeout(sleeping);
    say("");
    const minutes = Number(find("sleep").value);
    if (!minutes) return;
    sleeping = setTimeout(fallAsleep, minutes * 60_000);
    const at = new Date(Date.now() + minutes * 60_000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say(`Stops at ${at}`);
  });
  listen(window, "pagehide", remember);

  const keys = {
    play: toggle,
    pause: toggle,
    seekbackward: () => jump(-STEP),
    seekforward: () => jump(STEP),
    previoustrack: () => next(current, -1) && load(current - 1, 0, true),
    nexttrack: () => next(current) && load(current + 1, 0, true),
    seekto: ({ seekTime }) => (audio.currentTime = seekTime),
  };
  const setKeys = (on) => {
    for (const [key, act] of Object.entries(keys)) navigator.mediaSession?.setActionHandler(key, on ? act : null);
  };

  /** After the page has changed: is there (more) to hear? */
  function update() {
    const first = root.querySelector(".row.heard[data-src]");
    if (current === null && first) {
      const last = JSON.parse(recall(memory) ?? "{}");
      find("player").hidden = false;
      setKeys(true);
      load(source(last.chapter) ? last.chapter : Number(first.id.replace("chapter-", "")), source(last.chapter) ? last.at : 0, false);
    }
    if (playsOn && next(current)) load(current + 1, 0, true);
    else if (playsOn && !isComing(current + 1)) [playsOn, find("player-said").textContent] = [false, ""];
    mark();
  }

  find("rate").value = recall("ttsqueue:rate") ?? "1";
  update();
  return {
    update,
    stop() {
      remember();
      listeners.abort();
      clearTimeout(sleeping);
      audio.pause();
      setKeys(false);
    },
  };
}
