import { type Job, TTSQueue, TTSQueueError } from "@/lib/queue";
import type { User } from "@/lib/session";

/** The server key sees everybody's jobs, so it is us who check whose job this is. */
export async function ownJob(jobId: string | null, user: User): Promise<Job> {
  if (!jobId) throw new TTSQueueError("jobId is missing.", { status: 400, code: "malformed" });
  const job = await TTSQueue.getJob(jobId);
  if (job.userId !== user.id) {
    throw new TTSQueueError(`There is no job ${jobId}.`, { status: 404, code: "job_not_found" });
  }
  return job;
}
