SELECT 1 FROM tts_doorbells WHERE path = :path
