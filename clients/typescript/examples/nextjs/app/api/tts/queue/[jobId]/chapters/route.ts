import { answerFor } from "@/lib/answers";
import { ownJob } from "@/lib/own-job";
import { TTSQueue } from "@/lib/queue";

export async function GET(request: Request, { params }: { params: Promise<{ jobId: string }> }): Promise<Response> {
  return answerFor(request, async (user) => {
    const job = await ownJob((await params).jobId, user);
    const chapters = await TTSQueue.getChapters(job.id);
    // Whole addresses: the browser asks this application, the sound comes from ttsqueue.
    return {
      chapters: chapters.map((chapter) => ({
        ...chapter,
        audioUrl: chapter.audioUrl && TTSQueue.audioUrl(chapter.audioUrl),
      })),
    };
  });
}
