INSERT INTO tts_jobs (
    seq, id, work_id, work_hash, user_id, user_hash, job_type, status, priority, run_at, created_at, updated_at,
    active_hash, total_chapters, max_attempts, title, changed, lease, attempts, claims, voice_id, progress_percent,
    progress_message, current_chapter, started_at, error_message, error_code, last_error
)
VALUES (
    :seq, :id, :work_id, :work_hash, :user_id, :user_hash, :job_type, 'pending', :priority, :run_at, :created_at, :now,
    :active_hash, :total_chapters, :max_attempts, :title, :number, :lease, :attempts, :claims, :voice_id,
    :progress_percent, :progress_message, :current_chapter, :started_at, :error_message, :error_code, :last_error
)
