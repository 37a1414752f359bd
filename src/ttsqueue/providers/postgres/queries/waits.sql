SELECT minute, is_premium, step, sum(jobs)::integer AS jobs FROM tts_waits
WHERE minute >= %(first)s
GROUP BY minute, is_premium, step
