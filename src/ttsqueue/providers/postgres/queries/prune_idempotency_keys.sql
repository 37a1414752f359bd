DELETE FROM tts_idempotency_keys WHERE used_at <= now() - interval '24 hours'
