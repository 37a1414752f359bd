UPDATE tts_jobs SET
    status = 'failed',
    lease = lease + 1,
    eta_seconds = NULL,
    error_message = :error,
    error_code = :code,
    last_error = :error,
    completed_at = :now,
    updated_at = :now,
    changed = :number
WHERE id = :id
    AND lease = :lease
    AND status = 'processing'
    AND (:silent_since IS NULL OR heartbeat_at <= :silent_since)
RETURNING *
