DELETE FROM tts_idempotency_keys WHERE used_at <= :since
