WITH ended AS (
    UPDATE tts_jobs AS job SET
        status = 'failed',
        error_message = %(error)s,
        error_code = %(code)s,
        last_error = %(error)s,
        completed_at = now(),
        lease_taken = lease_taken OR %(taken)s,
        lease = lease + 1,
        eta_seconds = NULL,
        updated_at = now()
    WHERE id = %(id)s
        AND lease = %(lease)s
        AND (%(silent_for)s::interval IS NULL OR heartbeat_at <= now() - %(silent_for)s::interval)
    RETURNING {job}
),
closed AS (
    UPDATE tts_attempts AS attempt SET ended_at = now(), outcome = %(kind)s, error = %(error)s
    FROM ended
    WHERE attempt.job = ended.id AND attempt.number = ended.claims
),
noted AS (
    INSERT INTO tts_history (job, status, reason) SELECT id, status, %(kind)s FROM ended
)
SELECT * FROM ended
