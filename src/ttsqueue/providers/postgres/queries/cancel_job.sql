-- After lock_job.
WITH before AS (
    SELECT {job} FROM tts_jobs AS job WHERE id = %(id)s
),
cancelled AS (
    UPDATE tts_jobs AS job SET
        status = 'cancelled',
        lease = lease + 1,
        lease_taken = lease_taken OR status = 'processing',
        eta_seconds = NULL,
        completed_at = now(),
        updated_at = now()
    WHERE id = %(id)s AND status IN ('pending', 'processing')
    RETURNING {job}
),
closed AS (
    UPDATE tts_attempts AS attempt SET ended_at = now(), outcome = 'cancelled'
    FROM before, cancelled
    WHERE before.status = 'processing' AND attempt.job = cancelled.id AND attempt.number = cancelled.claims
),
noted AS (
    INSERT INTO tts_history (job, status, reason) SELECT id, 'cancelled', 'cancelled' FROM cancelled
)
SELECT true AS moved, cancelled.* FROM cancelled
UNION ALL
SELECT false, before.* FROM before WHERE NOT EXISTS (SELECT FROM cancelled)
