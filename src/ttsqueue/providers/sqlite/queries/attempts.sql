SELECT * FROM tts_attempts WHERE job = :job ORDER BY number
