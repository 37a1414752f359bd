INSERT INTO tts_idempotency_keys (user_id, key, body_hash, job_id, used_at)
VALUES (:user_id, :key, :body_hash, :job_id, :used_at)
ON CONFLICT DO NOTHING
