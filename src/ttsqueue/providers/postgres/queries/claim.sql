-- One probe per priority, so that delayed jobs in front cost nothing. MATERIALIZED: locked once, however it is planned.
WITH due AS MATERIALIZED (
    SELECT best.id
    FROM generate_series(1, 10) AS level (priority)
    CROSS JOIN LATERAL (
        SELECT id FROM tts_jobs
        WHERE status = 'pending' AND priority = level.priority AND run_at <= now()
        ORDER BY run_at, seq
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ) AS best
    WHERE NOT (SELECT paused FROM tts_queue)
    LIMIT %(limit)s
),
taken AS (
    UPDATE tts_jobs AS job SET
        status = 'processing',
        lease = greatest(lease + 1, (1000 * extract(EPOCH FROM now()))::bigint),
        attempts = attempts + 1,
        claims = claims + 1,
        worker_id = %(worker)s,
        started_at = coalesce(started_at, now()),
        heartbeat_at = now(),
        updated_at = now()
    FROM due
    WHERE job.id = due.id
    RETURNING {job}, CASE WHEN pg_column_size(job.payload) <= 8192 THEN job.payload END AS short_payload
),
opened AS (
    INSERT INTO tts_attempts (job, number, worker_id) SELECT id, claims, worker_id FROM taken
),
noted AS (
    INSERT INTO tts_history (job, status, reason) SELECT id, 'processing', 'claimed by ' || worker_id FROM taken
)
SELECT * FROM taken ORDER BY priority, run_at, seq
