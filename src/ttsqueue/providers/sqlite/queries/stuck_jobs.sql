SELECT * FROM tts_jobs INDEXED BY tts_jobs_status
WHERE status = 'processing' AND status <> 'pending' AND heartbeat_at <= :silent_since
ORDER BY heartbeat_at
LIMIT :limit
