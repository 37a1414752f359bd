SELECT CASE WHEN best.run_at <= now() THEN best.run_at END AS since
FROM (
    SELECT min(soonest.run_at) AS run_at
    FROM generate_series(1, 10) AS level (priority)
    CROSS JOIN LATERAL (
        SELECT run_at FROM tts_jobs WHERE status = 'pending' AND priority = level.priority ORDER BY run_at LIMIT 1
    ) AS soonest
) AS best
