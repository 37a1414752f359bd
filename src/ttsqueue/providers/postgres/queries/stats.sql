SELECT
    coalesce(sum(pending), 0)::bigint AS pending,
    coalesce(sum(processing), 0)::bigint AS processing,
    coalesce(sum(completed), 0)::bigint AS completed,
    coalesce(sum(failed), 0)::bigint AS failed,
    coalesce(sum(cancelled), 0)::bigint AS cancelled,
    (
        SELECT coalesce(sum(later.jobs), 0)::bigint
        FROM generate_series(1, 10) AS level (priority)
        CROSS JOIN LATERAL (
            SELECT count(*) AS jobs FROM tts_jobs
            WHERE status = 'pending' AND priority = level.priority AND run_at > now()
        ) AS later
    ) AS delayed
FROM tts_counts
