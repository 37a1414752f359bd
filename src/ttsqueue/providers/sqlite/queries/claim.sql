-- CROSS JOIN keeps the levels outside: the rows come in claim order without a sort, and LIMIT stops early.
UPDATE tts_jobs SET
    status = 'processing',
    lease = max(lease + 1, :now / 1000),
    attempts = attempts + 1,
    claims = claims + 1,
    worker_id = :worker,
    started_at = coalesce(started_at, :now),
    heartbeat_at = :now,
    updated_at = :now,
    changed = :number
WHERE seq IN (
    SELECT job.seq
    FROM tts_priorities AS level
    CROSS JOIN tts_jobs AS job INDEXED BY tts_jobs_pending
    WHERE job.status = 'pending'
        AND job.priority = level.priority
        AND job.run_at <= :now
        AND NOT (SELECT paused FROM tts_queue)
    ORDER BY level.priority, job.run_at, job.seq
    LIMIT :limit
)
RETURNING *
