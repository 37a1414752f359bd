-- Arrays of what is never NULL come in binary form, which spares escaping whole books.
-- `seq` follows the order of the callers; rows go in by active_key, so that two groups never wait for each other.
WITH arriving AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(id)b::uuid[], %(work_id)b::uuid[], %(user_id)b::uuid[], %(job_type)b::text[], %(priority)b::integer[],
        %(payload)b::text[], %(outline)b::text[], %(total)b::integer[], %(max_attempts)b::integer[],
        %(title)b::text[], %(active_key)b::text[], %(delay)s::interval[], %(run_at)s::timestamptz[]
    ) WITH ORDINALITY AS new_job (
        id, work_id, user_id, job_type, priority, payload, outline, total_chapters, max_attempts, title, active_key,
        delay, run_at, number
    )
),
numbered AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('tts_jobs', 'seq')) AS seq, in_order.*
    FROM (SELECT * FROM arriving ORDER BY number) AS in_order
)
INSERT INTO tts_jobs (
    seq, id, work_id, user_id, job_type, priority, payload, outline, total_chapters, max_attempts, title, active_key,
    run_at
)
SELECT
    seq, id, work_id, user_id, job_type, priority, payload::jsonb, outline::jsonb, total_chapters, max_attempts, title,
    active_key, greatest(now() + greatest(delay, '0'), run_at)
FROM numbered
ORDER BY active_key, number
ON CONFLICT DO NOTHING
RETURNING id, created_at, run_at
