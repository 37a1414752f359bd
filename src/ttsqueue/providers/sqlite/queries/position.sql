-- The + keeps the planner from walking all delayed jobs of the priorities before.
SELECT count(*) FROM (
    SELECT 1
    FROM tts_priorities AS level
    CROSS JOIN tts_jobs AS job INDEXED BY tts_jobs_pending
    WHERE +level.priority < :priority
        AND job.status = 'pending'
        AND job.priority = level.priority
        AND job.run_at <= max(:now, :run_at)
    UNION ALL
    SELECT 1
    FROM tts_jobs INDEXED BY tts_jobs_pending
    WHERE status = 'pending' AND priority = :priority AND (run_at, seq) < (:run_at, :seq)
    LIMIT 10000
)
