SELECT
    min((minute * 60000000 - :start) / :width, :buckets - 1) AS bucket,
    is_premium,
    step,
    sum(jobs) AS jobs
FROM tts_waits
WHERE minute >= :first
GROUP BY bucket, is_premium, step
