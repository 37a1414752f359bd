SELECT job.created_at, change.at, change.status, change.reason
FROM tts_jobs AS job LEFT JOIN tts_history AS change ON change.job = job.id
WHERE job.id = %(id)s
ORDER BY change.number
