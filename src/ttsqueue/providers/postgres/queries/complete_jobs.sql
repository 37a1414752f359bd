-- Locked in the order of their ids, so that two groups never wait for each other.
WITH done AS MATERIALIZED (
    SELECT job.id, given.result, given.kind
    FROM unnest(
        %(id)b::uuid[], %(lease)b::bigint[], %(result)b::text[], %(kind)b::text[], %(error)s::text[],
        %(silent_for)s::interval[]
    ) AS given (id, lease, result, kind, error, silent_for)
    JOIN tts_jobs AS job ON job.id = given.id AND job.lease = given.lease
    WHERE given.silent_for IS NULL OR job.heartbeat_at <= now() - given.silent_for
    ORDER BY job.id
    FOR UPDATE OF job
),
ended AS (
    UPDATE tts_jobs AS job SET
        status = 'completed',
        progress_percent = 100,
        result = jsonb_set(done.result::jsonb, '{completedAt}', to_jsonb(now())),
        completed_at = now(),
        lease = lease + 1,
        eta_seconds = NULL,
        updated_at = now()
    FROM done
    WHERE job.id = done.id
    RETURNING {job}
),
closed AS (
    UPDATE tts_attempts AS attempt SET ended_at = now(), outcome = 'completed'
    FROM ended
    WHERE attempt.job = ended.id AND attempt.number = ended.claims
),
noted AS (
    INSERT INTO tts_history (job, status, reason) SELECT id, status, 'completed' FROM ended
)
SELECT * FROM ended
