-- After the bucket, in the order of ActivityBucket.
SELECT
    min((minute * 60000000 - :start) / :width, :buckets - 1) AS bucket,
    sum(completed) AS completed,
    sum(failed) AS failed,
    sum(characters) AS characters,
    sum(audio_seconds) AS audio_seconds
FROM tts_activity
WHERE minute >= :first
GROUP BY bucket
