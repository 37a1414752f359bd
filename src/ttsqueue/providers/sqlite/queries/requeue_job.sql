UPDATE tts_jobs SET
    status = 'pending',
    lease = lease + 1,
    attempts = max(attempts - :refund, 0),
    run_at = coalesce(:run_at, run_at),
    last_error = coalesce(:error, last_error),
    eta_seconds = NULL,
    worker_id = NULL,
    heartbeat_at = NULL,
    updated_at = :now,
    changed = :number
WHERE id = :id
    AND lease = :lease
    AND status = 'processing'
    AND (:silent_since IS NULL OR heartbeat_at <= :silent_since)
RETURNING *
