UPDATE tts_jobs SET
    progress_percent = max(progress_percent, min(coalesce(:percent, 0), 99)),
    progress_message = coalesce(:message, progress_message),
    current_chapter = coalesce(:current_chapter, current_chapter),
    eta_seconds = coalesce(:eta_seconds, eta_seconds),
    heartbeat_at = :now,
    updated_at = :now,
    changed = :number
WHERE id = :id AND lease = :lease AND status = 'processing'
RETURNING *
