SELECT {job} FROM tts_jobs AS job
WHERE status = 'processing' AND heartbeat_at <= now() - %(silent_for)s::interval
ORDER BY heartbeat_at
LIMIT %(limit)s
