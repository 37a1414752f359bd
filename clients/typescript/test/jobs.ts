// What a user may do with their jobs.
import { TTSQueueClient } from "../src/ttsqueue.js";
import { book, collected, given, refused, same, WORK } from "./check.js";

let tokens = 0;
const ada = new TTSQueueClient({
  baseUrl: `${given("SERVER")}/`,
  token: async () => {
    tokens += 1;
    return given("ADA_TOKEN");
  },
});
const ben = new TTSQueueClient({ baseUrl: given("SERVER"), token: given("BEN_TOKEN") });

const first = await ada.addJob(book("first"));
same("fresh tokens", tokens, 1);
same("a free user's priority", (await ada.getJob(first)).priority, 5);
const second = await ada.addJob(book("second"), 10, { idempotencyKey: "one and the same" });
same("the same key", await ada.addJob(book("second"), 10, { idempotencyKey: "one and the same" }), second);
same("a priority", (await ada.getJob(second)).priority, 10);
const third = await ada.addJob({ ...book("third"), runAt: new Date("2100-01-01T00:00:00Z"), format: "mp3" });
same("a later start", (await ada.getJob(third)).runAt, "2100-01-01T00:00:00.000Z");

const page = await ada.listJobs({ limit: 2 });
same("the first page", page.jobs.map((job) => job.id), [third, second]);
const rest = await ada.listJobs({ limit: 2, cursor: page.nextCursor });
same("the second page", [rest.jobs.map((job) => job.id), rest.nextCursor], [[first], null]);
same("one by one", (await collected(ada.eachJob())).map((job) => job.id), [third, second, first]);
same("as many as wanted", (await ada.getUserJobs(given("ADA"), 2)).map((job) => job.id), [third, second]);

const [chapter] = await ada.getChapters(first);
same("a chapter", [chapter?.chapterId, chapter?.title, chapter?.audioUrl], ["first", "One", null]);
same("the cancelled job", (await ada.cancelJob(first)).status, "cancelled");
same("cancelled twice", (await ada.cancelJob(first)).status, "cancelled");
same("states", (await ada.getTimeline(first)).history.map((step) => step.status), ["pending", "cancelled"]);
const cancelled = await collected(ada.eachJob({ status: ["cancelled", "failed"], workId: WORK }));
same("only cancelled ones", cancelled.map((job) => job.id), [first]);
same("the job that is tried again", (await ada.retryJob(first)).status, "pending");
await ada.cancelJob(first);
await ada.deleteJob(first);
await refused(ada.getJob(first), 404, "job_not_found");

const twice = await refused(ada.addJob(book("third")), 409, "duplicate_job");
same("the job that is active", twice.details, [{ jobId: third, status: "pending" }]);
await refused(ada.deleteJob(third), 409, "not_deletable");
await refused(ada.retryJob(third), 409, "not_retryable");
await refused(ada.addJob(book("second"), 9, { idempotencyKey: "one and the same" }), 422, "idempotency_mismatch");
await refused(ada.addJob(book("urgent"), 1), 403, "forbidden");
await refused(ada.addJob({ ...book("nobody"), chapters: [] }), 422, "invalid_job");
await refused(ben.getJob(third), 404, "job_not_found");
await refused(ben.getJob("../stats?x=y"), 404, "job_not_found");
await refused(ben.getUserJobs(given("ADA")), 403, "forbidden");
await refused(new TTSQueueClient({ baseUrl: given("SERVER") }).listJobs(), 401, "unauthenticated");

await refused(ben.deleteUser(given("ADA")), 403, "forbidden");
same("all that ada had", await ada.deleteUser(given("ADA")), 2);
same("nothing left", (await ada.listJobs()).jobs, []);
