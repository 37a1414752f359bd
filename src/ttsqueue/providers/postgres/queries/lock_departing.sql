-- Pending jobs are chosen and locked; take_out, in the same transaction, then sees all that was written to them before.
SELECT set_config('tts.departing', coalesce(string_agg(id::text, ','), ''), true) AS ids
FROM (
    SELECT id FROM tts_jobs
    WHERE status = 'pending' AND seq > %(after)s
    ORDER BY seq
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
) AS locked
