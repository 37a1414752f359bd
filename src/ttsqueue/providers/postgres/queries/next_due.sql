-- greatest() passes over NULL: nothing due would become due now.
SELECT CASE WHEN run_at IS NOT NULL THEN greatest(run_at - now(), '0') END AS wait
FROM (
    SELECT min(soonest.run_at) AS run_at
    FROM generate_series(1, 10) AS level (priority)
    CROSS JOIN LATERAL (
        SELECT run_at FROM tts_jobs WHERE status = 'pending' AND priority = level.priority ORDER BY run_at LIMIT 1
    ) AS soonest
    WHERE NOT (SELECT paused FROM tts_queue)
) AS best
