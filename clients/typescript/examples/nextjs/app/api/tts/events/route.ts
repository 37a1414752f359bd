// The live states of one job, passed on from ttsqueue to the browser as they are, heartbeats included.
import { answerFor } from "@/lib/answers";
import { ownJob } from "@/lib/own-job";
import { TTSQueue } from "@/lib/queue";

export async function GET(request: Request): Promise<Response> {
  return answerFor(request, async (user) => {
    const job = await ownJob(new URL(request.url).searchParams.get("jobId"), user);
    const events = await fetch(await TTSQueue.eventsUrl(job.id), { signal: request.signal, cache: "no-store" });
    const headers = { "Content-Type": events.headers.get("Content-Type") ?? "", "Cache-Control": "no-store" };
    return new Response(events.body, { status: events.status, headers });
  });
}
