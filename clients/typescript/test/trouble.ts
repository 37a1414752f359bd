// Servers and networks in trouble. The part of the address after SERVER names the trouble.
import { TTSQueueClient, TTSQueueError } from "../src/ttsqueue.js";
import { book, given, refused, same } from "./check.js";

function facing(trouble: string, timeout = 10_000): TTSQueueClient {
  return new TTSQueueClient({ baseUrl: `${given("SERVER")}/${trouble}`, token: given("ADA_TOKEN"), timeout });
}

const started = Date.now();
same("a busy server in the end", (await facing("busy-once").listJobs()).jobs, []);
same("it waited as it was told", Date.now() - started >= 1000, true);

const jobId = await facing("lost-answer").addJob(book("Ada"));
same("one job from two requests", (await facing("").listJobs()).jobs.map((job) => job.id), [jobId]);

await refused(facing("always-busy").listJobs(), 503, "store_unavailable");
await refused(facing("busy-retry").retryJob(jobId), 503, "store_unavailable");
const limited = await refused(facing("limited").addJob(book("Ben")), 429, "limit_reached");
same("when to come back", limited.retryAfter, 3600);
await refused(facing("silent", 200).listJobs(), 0, "timeout");
await refused(facing("no-queue").listJobs(), 200, "bad_answer");
await refused(facing("no-queue").watch(jobId).next(), 200, "bad_answer");
await refused(facing("broken-proxy").retryJob(jobId), 502, "http_error");

const nowhere = new TTSQueueClient({ baseUrl: "http://127.0.0.1:9" });
const unreachable = await refused(nowhere.retryJob(jobId), 0, "unreachable");
same("the sentence", unreachable.message.startsWith("http://127.0.0.1:9 cannot be reached: "), true);

for (const trouble of ["silent", "always-busy-for-long"]) {
  const leaving = new AbortController();
  const call = facing(trouble).listJobs({}, { signal: leaving.signal });
  setTimeout(() => leaving.abort(), 100);
  const error: unknown = await call.catch((error: unknown) => error);
  same(`aborted: ${trouble}`, [error === leaving.signal.reason, error instanceof TTSQueueError], [true, false]);
}
