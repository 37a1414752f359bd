// A job while it is spoken: prints each state. With CUT, the connection is lost after each one.
import { TTSQueueClient } from "../src/ttsqueue.js";
import { given, refused, same } from "./check.js";

const path = given("CUT") === "yes" ? "/cut" : "";
const ada = new TTSQueueClient({ baseUrl: given("SERVER") + path, token: given("ADA_TOKEN") });
for await (const { job, position } of ada.watch(given("JOB"))) {
  console.log(JSON.stringify([job.status, job.progressPercent, position]));
}

const ben = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("BEN_TOKEN") });
await refused(ben.watch(given("JOB")).next(), 404, "job_not_found");

const states = ada.watch(given("WAITING"));
same("the first state", (await states.next()).value?.job.status, "pending");
await states.return();

const leaving = new AbortController();
const left = ada.watch(given("WAITING"), { signal: leaving.signal });
await left.next();
setTimeout(() => leaving.abort(), 100);
const error: unknown = await left.next().catch((error: unknown) => error);
same("aborted", error === leaving.signal.reason, true);
