SELECT CASE WHEN job.status = 'pending' THEN (
    SELECT count(*) FROM (
        SELECT 1
        FROM generate_series(1, job.priority - 1) AS level (priority)
        CROSS JOIN LATERAL (
            SELECT 1 FROM tts_jobs AS other
            WHERE other.status = 'pending'
                AND other.priority = level.priority
                AND other.run_at <= greatest(now(), job.run_at)
            LIMIT 10000
        ) AS sooner
        UNION ALL
        SELECT 1 FROM tts_jobs AS other
        WHERE other.status = 'pending'
            AND other.priority = job.priority
            AND (other.run_at, other.seq) < (job.run_at, job.seq)
        LIMIT 10000
    ) AS before
) END AS place
FROM tts_jobs AS job
WHERE job.id = %(id)s
