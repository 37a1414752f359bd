SELECT key, body_hash, used_at FROM tts_idempotency_keys WHERE user_id = :user_id AND job_id = :job_id
