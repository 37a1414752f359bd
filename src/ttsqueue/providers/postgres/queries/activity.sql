SELECT
    minute, sum(completed)::integer AS completed, sum(failed)::integer AS failed,
    sum(characters)::bigint AS characters, sum(audio_seconds) AS audio_seconds
FROM tts_activity
WHERE minute >= %(first)s
GROUP BY minute
