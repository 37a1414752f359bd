SELECT * FROM tts_jobs INDEXED BY tts_jobs_status
WHERE status = :status AND status <> 'pending' AND seq < :before
ORDER BY seq DESC
LIMIT :limit
