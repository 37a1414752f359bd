INSERT INTO tts_notes (name, text, version) VALUES (%(name)s, %(text)s, 1)
ON CONFLICT DO NOTHING RETURNING version
