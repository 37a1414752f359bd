-- After lock_job.
WITH twin AS (
    SELECT active.id AS twin_id, active.status AS twin_status
    FROM tts_jobs AS job
    JOIN tts_jobs AS active ON active.active_key = job.active_key
    WHERE job.id = %(id)s AND active.status IN ('pending', 'processing') AND active.id <> job.id
),
retried AS (
    UPDATE tts_jobs AS job SET
        status = 'pending',
        lease = lease + 1,
        lease_taken = lease_taken OR claims > 0,
        attempts = 0,
        run_at = now(),
        worker_id = NULL,
        heartbeat_at = NULL,
        completed_at = NULL,
        error_message = NULL,
        error_code = NULL,
        last_error = NULL,
        updated_at = now()
    WHERE id = %(id)s AND status IN ('failed', 'cancelled') AND NOT EXISTS (SELECT FROM twin)
    RETURNING {job}
),
noted AS (
    INSERT INTO tts_history (job, status, reason) SELECT id, 'pending', 'retried by hand' FROM retried
)
SELECT true AS moved, NULL::uuid AS twin_id, NULL AS twin_status, retried.* FROM retried
UNION ALL
SELECT false, twin.twin_id, twin.twin_status, {job}
FROM tts_jobs AS job LEFT JOIN twin ON true
WHERE id = %(id)s AND NOT EXISTS (SELECT FROM retried)
