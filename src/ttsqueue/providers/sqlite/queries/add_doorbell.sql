INSERT INTO tts_doorbells (path) VALUES (:path)
