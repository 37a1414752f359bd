// The queue's addresses inside your application: who asks is decided by your session, never by what the browser says.
// The server key (TTSQUEUE_KEY) stays on the server.
import { answerFor } from "@/lib/answers";
import { ownJob } from "@/lib/own-job";
import { getPriorityForUser, type NewJob, TTSQueue, TTSQueueError } from "@/lib/queue";
import type { User } from "@/lib/session";

export async function POST(request: Request): Promise<Response> {
  return answerFor(request, async (user) => {
    checkIsJson(request);
    const wanted = Object(await request.json()) as NewJob;
    const idempotencyKey = request.headers.get("Idempotency-Key");
    const jobId = await TTSQueue.addJob(
      jobFor(user, wanted),
      getPriorityForUser(user.isPremium),
      idempotencyKey === null ? {} : { idempotencyKey },
    );
    return { success: true, jobId, job: await TTSQueue.getJob(jobId) };
  });
}

export async function GET(request: Request): Promise<Response> {
  return answerFor(request, async (user) => {
    const jobId = new URL(request.url).searchParams.get("jobId");
    if (jobId !== null) return { job: await ownJob(jobId, user) };
    return { jobs: await TTSQueue.getUserJobs(user.id), nextCursor: null };
  });
}

export async function DELETE(request: Request): Promise<Response> {
  return answerFor(request, async (user) => {
    const job = await ownJob(new URL(request.url).searchParams.get("jobId"), user);
    return { success: true, message: "Job cancelled successfully", job: await TTSQueue.cancelJob(job.id) };
  });
}

/** A form on another site can send your visitor's cookie along, but not JSON. */
function checkIsJson(request: Request): void {
  if (request.headers.get("Content-Type")?.startsWith("application/json")) return;
  throw new TTSQueueError("The request is not JSON.", { status: 415, code: "malformed" });
}

/** Only what a visitor may choose; the user, the tier and the number of attempts are not among it. */
function jobFor(user: User, wanted: NewJob): NewJob {
  const { workId, chapters, voiceSettings, jobType, title, author, language, format, cover } = wanted;
  const chosen = { workId, chapters, voiceSettings, jobType, title, author, language, format, cover };
  return { ...(chosen as NewJob), userId: user.id, isPremium: user.isPremium };
}
