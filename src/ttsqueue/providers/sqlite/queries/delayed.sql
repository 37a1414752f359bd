SELECT count(*)
FROM tts_priorities AS level
CROSS JOIN tts_jobs AS job INDEXED BY tts_jobs_pending
WHERE job.status = 'pending' AND job.priority = level.priority AND job.run_at > :now
