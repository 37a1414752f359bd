-- After lock_idempotency_key. The earlier job, or the new one; no row for a duplicate.
WITH earlier AS MATERIALIZED (
    SELECT used.body_hash, {job}
    FROM tts_idempotency_keys AS used
    JOIN tts_jobs AS job ON job.id = used.job
    WHERE used.user_id = %(user_id)s AND used.key = %(key)s AND used.used_at > now() - interval '24 hours'
),
added AS (
    INSERT INTO tts_jobs AS job (
        id, work_id, user_id, job_type, priority, payload, outline, total_chapters, max_attempts, title, active_key,
        run_at
    )
    SELECT
        %(id)s::uuid, %(work_id)s::uuid, %(user_id)s::uuid, %(job_type)s, %(priority)s::integer, %(payload)s::jsonb,
        %(outline)s::jsonb, %(total)s::integer, %(max_attempts)s::integer, %(title)s, %(active_key)s,
        greatest(now() + greatest(%(delay)s::interval, '0'), %(run_at)s::timestamptz)
    WHERE NOT EXISTS (SELECT FROM earlier)
    ON CONFLICT DO NOTHING
    RETURNING {job}
),
used AS (
    INSERT INTO tts_idempotency_keys (user_id, key, body_hash, job)
    SELECT user_id, %(key)s, %(body_hash)s, id FROM added
    ON CONFLICT (user_id, key) DO UPDATE SET body_hash = excluded.body_hash, job = excluded.job, used_at = now()
)
SELECT * FROM earlier
UNION ALL
SELECT %(body_hash)s, added.* FROM added
