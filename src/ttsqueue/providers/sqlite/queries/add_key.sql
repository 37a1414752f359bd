INSERT INTO tts_keys (name, digest, is_admin, created_at)
VALUES (:name, :digest, :is_admin, :now)
ON CONFLICT DO NOTHING
