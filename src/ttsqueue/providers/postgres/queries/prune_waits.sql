DELETE FROM tts_waits WHERE minute < tts_minute(now() - %(kept)s::interval)
