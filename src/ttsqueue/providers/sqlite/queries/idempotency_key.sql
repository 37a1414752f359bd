SELECT body_hash, job_id FROM tts_idempotency_keys WHERE user_id = :user_id AND key = :key AND used_at > :since
