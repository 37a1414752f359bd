"use client";

import { useEffect, useState } from "react";
import { type Chapter, type Job, TTSQueueClient } from "@/lib/queue";

/** Progress of one audiobook, and its chapters as they can be played. Talks to this application's own /api/tts. */
export function AudiobookStatus({ jobId }: { jobId: string }) {
  const { job, chapters, trouble } = useAudiobook(jobId);
  if (job === null) return <p role="status">{trouble ?? "Looking up the audiobook..."}</p>;
  return (
    <section aria-label={job.title || "Audiobook"}>
      <progress value={job.progressPercent} max={100} aria-label="Progress" />
      <p role="status">{trouble ?? job.errorMessage ?? (job.progressMessage || job.status)}</p>
      <ol>
        {chapters.map((chapter) => (
          <li key={chapter.chapterId}>
            {chapter.title || chapter.chapterId}
            {chapter.audioUrl !== null && <audio controls preload="none" src={chapter.audioUrl} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function useAudiobook(jobId: string) {
  const [job, setJob] = useState<Job | null>(null);
  const [chapters, setChapters] = useState<Chapter[]>([]);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const queue = new TTSQueueClient({ baseUrl: window.location.origin });

    async function follow() {
      let spoken = "";
      for await (const { job } of queue.watch(jobId, { signal })) {
        setJob(job);
        const now = `${job.status} ${job.currentChapter} ${job.progressPercent}`;
        if (now !== spoken) setChapters(await queue.getChapters(jobId, { signal }));
        spoken = now;
      }
    }

    follow().catch((error: unknown) => {
      if (!signal.aborted) setTrouble(error instanceof Error ? error.message : String(error));
    });
    return () => leaving.abort();
  }, [jobId]);

  return { job, chapters, trouble };
}
