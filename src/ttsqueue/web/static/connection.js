// News of one book: by WebSocket, else by server-sent events, else by asking. Says honestly which it is.

const SILENCE = 45_000; // ms without a word, after which a connection counts as lost
const ASK_EVERY = 3_000;
const LONGEST_PAUSE = 10_000;
const FINISHED = 1000; // the job is in its final state, which was told before
const SIGNED_OUT = [1008, 4401];
const GONE = 4404;
const TRIES = 2; // of a way that never worked, before the next one is taken

/**
 * onMessage gets what the server says; onState gets "live", "asking", "lost" or "out" (signed out), and when the server was last heard.
 * Returns a function that ends it.
 */
export function connect(jobId, { onMessage, onState }) {
  const query = `jobId=${encodeURIComponent(jobId)}`;
  const ways = [overWebSocket, overEvents, byAsking];
  let way = 0;
  let worked = false;
  let failures = 0;
  let seen = new Date();
  let timer = 0;
  let silence = 0;
  let close = () => {};
  let ended = false;

  function open() {
    clearTimeout(timer);
    let over = false;
    const heard = (message) => {
      if (over || ended) return;
      seen = new Date();
      worked = true;
      failures = 0;
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE);
      onState(way < 2 ? "live" : "asking", seen);
      if (message) onMessage(message);
    };
    const lost = () => {
      if (over || ended) return;
      over = true;
      shut();
      failures += 1;
      if (!worked && failures >= TRIES && way < ways.length - 1) [way, failures] = [way + 1, 0];
      onState("lost", seen);
      timer = setTimeout(open, Math.min(LONGEST_PAUSE, 400 * 2 ** failures) * (0.7 + 0.6 * Math.random()));
    };
    const out = () => {
      over = true;
      clearTimeout(silence);
      onState("out", seen);
    };
    const shut = (close = ways[way](query, heard, lost, out));
    silence = setTimeout(lost, SILENCE);
    wake = () => (over ? open() : undefined);
  }

  let wake = () => {};
  const awake = () => document.visibilityState === "visible" && wake();
  addEventListener("online", awake);
  document.addEventListener("visibilitychange", awake);
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    clearTimeout(silence);
    removeEventListener("online", awake);
    document.removeEventListener("visibilitychange", awake);
    close();
  };
}

function overWebSocket(query, heard, lost, out) {
  const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/tts/events?${query}`);
  socket.onmessage = ({ data }) => heard(JSON.parse(data));
  socket.onclose = ({ code }) => {
    if (code === FINISHED) return;
    if (SIGNED_OUT.includes(code)) out();
    else if (code === GONE) heard({ type: "deleted" });
    else lost();
  };
  return () => socket.close();
}

function overEvents(query, heard, lost) {
  const source = new EventSource(`/api/tts/events?${query}`);
  source.onmessage = ({ data }) => heard(JSON.parse(data));
  source.onerror = lost;
  return () => source.close();
}

function byAsking(query, heard, lost) {
  const ask = async () => {
    try {
      const answer = await fetch(`/api/tts/queue?${query}`);
      if (answer.status === 404) heard({ type: "deleted" });
      else if (answer.ok) heard({ type: "job", ...(await answer.json()) });
      else lost();
    } catch {
      lost();
    }
  };
  const timer = setInterval(ask, ASK_EVERY);
  ask();
  return () => clearInterval(timer);
}
