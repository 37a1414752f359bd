DELETE FROM tts_keys WHERE name = :name
