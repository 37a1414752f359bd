DELETE FROM tts_doorbells WHERE path = :path
