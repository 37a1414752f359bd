DELETE FROM tts_usage WHERE added_at <= now() - interval '24 hours'
