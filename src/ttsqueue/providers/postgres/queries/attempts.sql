SELECT attempt.* FROM tts_jobs AS job LEFT JOIN tts_attempts AS attempt ON attempt.job = job.id
WHERE job.id = %(id)s
ORDER BY attempt.number
