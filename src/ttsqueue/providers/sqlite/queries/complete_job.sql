UPDATE tts_jobs SET
    status = 'completed',
    lease = lease + 1,
    progress_percent = 100,
    eta_seconds = NULL,
    result = :result,
    completed_at = :now,
    updated_at = :now,
    changed = :number
WHERE id = :id
    AND lease = :lease
    AND status = 'processing'
    AND (:silent_since IS NULL OR heartbeat_at <= :silent_since)
RETURNING *
