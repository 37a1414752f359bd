UPDATE tts_jobs AS job SET
    progress_percent = greatest(progress_percent, least(coalesce(%(percent)s::integer, 0), 99)),
    progress_message = coalesce(%(message)s::text, progress_message),
    current_chapter = coalesce(%(current_chapter)s::integer, current_chapter),
    eta_seconds = coalesce(%(eta_seconds)s::double precision, eta_seconds),
    heartbeat_at = now(),
    updated_at = now()
WHERE id = %(id)s AND lease = %(lease)s
RETURNING {job}
