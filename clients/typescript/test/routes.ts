// The Next.js example, called as Next.js calls it: the browser's side is the same client, pointed at these routes.
import { GET as events } from "../examples/nextjs/app/api/tts/events/route.js";
import { GET as chapters } from "../examples/nextjs/app/api/tts/queue/[jobId]/chapters/route.js";
import { DELETE, GET, POST } from "../examples/nextjs/app/api/tts/queue/route.js";
import { TTSQueueClient } from "../src/ttsqueue.js";
import { book, collected, given, refused, same } from "./check.js";

async function route(url: string, init: RequestInit): Promise<Response> {
  const request = new Request(url, init);
  const { pathname } = new URL(url);
  if (pathname === "/api/tts/events") return events(request);
  const jobId = /queue\/(.+)\/chapters$/.exec(pathname)?.[1];
  if (jobId !== undefined) return chapters(request, { params: Promise.resolve({ jobId }) });
  return { GET, POST, DELETE }[request.method as "GET" | "POST" | "DELETE"](request);
}

/** The stand-in for a session reads who is signed in from this token. */
const visitor = (token: string) => new TTSQueueClient({ baseUrl: "https://app.example.org", token, fetch: route });
const ada = visitor("ada");

const jobId = await ada.addJob({ ...book("Ada"), userId: given("BEN"), isPremium: true, maxAttempts: 99 }, 1);
const job = await ada.getJob(jobId);
same("whose and how soon", [job.userId, job.priority, job.maxAttempts], [given("ADA"), 5, 3]);
same("the list", (await ada.listJobs()).jobs.map((job) => job.id), [jobId]);
same("chapters", (await ada.getChapters(jobId)).map((chapter) => chapter.title), ["One"]);
await refused(visitor("ben").getJob(jobId), 404, "job_not_found");
await refused(visitor("ben").cancelJob(jobId), 404, "job_not_found");
await refused(visitor("ben").getChapters(jobId), 404, "job_not_found");
await refused(visitor("").listJobs(), 401, "unauthenticated");
await refused(ada.addJob({ ...book("nothing"), chapters: [] }), 422, "invalid_job");
const form = asAda(JSON.stringify(book("forged")), "text/plain");
same("a form of another site", (await POST(new Request("https://a.org/", form))).status, 415);
same("no JSON", (await POST(new Request("https://a.org/", asAda("{")))).status, 400);
same("no object", (await POST(new Request("https://a.org/", asAda("null")))).status, 400);

await refused(visitor("ben").watch(jobId).next(), 404, "job_not_found");
const states = ada.watch(jobId);
same("live", (await states.next()).value?.job.status, "pending");
same("the cancelled job", (await ada.cancelJob(jobId)).status, "cancelled");
same("live to the end", (await collected(states)).map(({ job }) => job.status), ["cancelled"]);

function asAda(body: string, type = "application/json"): RequestInit {
  return { method: "POST", headers: { Authorization: "Bearer ada", "Content-Type": type }, body };
}
