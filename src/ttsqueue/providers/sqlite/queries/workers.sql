SELECT * FROM tts_workers ORDER BY name
