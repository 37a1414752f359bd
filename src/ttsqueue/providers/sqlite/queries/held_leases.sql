SELECT id, lease FROM tts_jobs INDEXED BY tts_jobs_id
WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'processing'
