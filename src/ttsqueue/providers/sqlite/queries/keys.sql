SELECT * FROM tts_keys ORDER BY name
