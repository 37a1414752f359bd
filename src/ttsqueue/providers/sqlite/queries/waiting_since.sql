SELECT min(
    (
        SELECT run_at FROM tts_jobs INDEXED BY tts_jobs_pending
        WHERE status = 'pending' AND priority = level.priority
        ORDER BY run_at
        LIMIT 1
    )
)
FROM tts_priorities AS level
