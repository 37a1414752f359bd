SELECT id, worker_id FROM tts_jobs INDEXED BY tts_jobs_status WHERE status = 'processing' AND status <> 'pending' ORDER BY seq
