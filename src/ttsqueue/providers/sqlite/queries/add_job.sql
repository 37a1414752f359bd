INSERT INTO tts_jobs (
    seq, id, work_id, work_hash, user_id, user_hash, active_hash, job_type, status, priority, run_at, created_at,
    updated_at, total_chapters, max_attempts, title
)
VALUES (
    :seq, :id, :work_id, :work_hash, :user_id, :user_hash, :active_hash, :job_type, 'pending', :priority, :run_at, :now,
    :now, :total_chapters, :max_attempts, :title
)
ON CONFLICT DO NOTHING
