DELETE FROM tts_activity WHERE minute < tts_minute(now() - %(kept)s::interval)
