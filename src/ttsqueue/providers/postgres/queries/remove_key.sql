DELETE FROM tts_keys WHERE name = %(name)s RETURNING name
