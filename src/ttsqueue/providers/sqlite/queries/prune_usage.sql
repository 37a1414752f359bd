DELETE FROM tts_usage WHERE added_at <= :since
