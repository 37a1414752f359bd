SELECT at, status, reason FROM tts_history WHERE job = :job ORDER BY step
