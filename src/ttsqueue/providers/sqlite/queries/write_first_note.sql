INSERT INTO tts_notes (name, text, version) VALUES (:name, :text, 1)
ON CONFLICT DO NOTHING
