SELECT * FROM tts_waits WHERE minute >= :first ORDER BY minute
