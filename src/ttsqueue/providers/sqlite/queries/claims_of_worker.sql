SELECT * FROM tts_jobs INDEXED BY tts_jobs_status
WHERE status = 'processing' AND status <> 'pending' AND worker_id = :worker
ORDER BY seq
