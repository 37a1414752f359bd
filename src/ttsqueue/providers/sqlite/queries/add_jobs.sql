INSERT INTO tts_jobs (
    seq, run_at, created_at, updated_at, id, work_id, work_hash, user_id, user_hash, active_hash, job_type, priority,
    total_chapters, max_attempts, title, status
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
ON CONFLICT DO NOTHING
