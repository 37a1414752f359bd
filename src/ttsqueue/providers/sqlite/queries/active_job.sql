SELECT id, status FROM tts_jobs INDEXED BY tts_jobs_work
WHERE work_hash = :work_hash AND active_hash = :active_hash AND completed_at IS NULL
