UPDATE tts_jobs SET
    status = 'pending',
    lease = lease + 1,
    attempts = 0,
    run_at = :now,
    worker_id = NULL,
    heartbeat_at = NULL,
    completed_at = NULL,
    error_message = NULL,
    error_code = NULL,
    last_error = NULL,
    updated_at = :now,
    changed = :number
WHERE id = :id
RETURNING *
