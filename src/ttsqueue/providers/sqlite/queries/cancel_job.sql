UPDATE tts_jobs SET
    status = 'cancelled',
    lease = lease + 1,
    eta_seconds = NULL,
    completed_at = :now,
    updated_at = :now,
    changed = :number
WHERE id = :id
RETURNING *
