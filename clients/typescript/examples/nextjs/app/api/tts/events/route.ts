// The live states of one job, passed on from ttsqueue to the browser as server-sent events.
import { answerFor } from "@/lib/answers";
import { ownJob } from "@/lib/own-job";
import { TTSQueue } from "@/lib/queue";

export async function GET(request: Request): Promise<Response> {
  const jobId = new URL(request.url).searchParams.get("jobId");
  const checked = await answerFor(request, (user) => ownJob(jobId, user));
  if (!checked.ok || jobId === null) return checked;
  const headers = { "Content-Type": "text/event-stream", "Cache-Control": "no-store" };
  return new Response(events(jobId, request.signal), { headers });
}

function events(jobId: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const states = TTSQueue.watch(jobId, { signal });
  return new ReadableStream<Uint8Array>({
    async pull(stream) {
      const { done, value } = await states.next();
      if (done) return stream.close();
      stream.enqueue(encoder.encode(`data: ${JSON.stringify({ type: "job", ...value })}\n\n`));
    },
    async cancel() {
      await states.return();
    },
  });
}
