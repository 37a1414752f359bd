-- After lock_job.
WITH before AS (
    SELECT id, status FROM tts_jobs WHERE id = %(id)s
),
deleted AS (
    DELETE FROM tts_jobs USING before WHERE tts_jobs.id = before.id AND before.status NOT IN ('pending', 'processing')
)
SELECT id, status FROM before
