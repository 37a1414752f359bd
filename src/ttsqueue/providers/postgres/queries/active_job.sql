SELECT id, status FROM tts_jobs
WHERE active_key = %(active_key)s AND status IN ('pending', 'processing')
