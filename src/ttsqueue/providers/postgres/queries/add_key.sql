INSERT INTO tts_keys (name, digest, is_admin) VALUES (%(name)s, %(digest)s, %(is_admin)s)
ON CONFLICT DO NOTHING
RETURNING name
