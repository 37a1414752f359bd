INSERT INTO tts_jobs (
    id, work_id, user_id, job_type, priority, payload, outline, total_chapters, max_attempts, title, active_key, run_at
)
VALUES (
    %(id)s, %(work_id)s, %(user_id)s, %(job_type)s, %(priority)s, %(payload)s, %(outline)s, %(total)s,
    %(max_attempts)s, %(title)s, %(active_key)s,
    greatest(now() + greatest(%(delay)s::interval, '0'), %(run_at)s::timestamptz)
)
ON CONFLICT DO NOTHING
RETURNING id, created_at, run_at
