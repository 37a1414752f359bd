SELECT * FROM tts_activity WHERE minute >= :first ORDER BY minute
