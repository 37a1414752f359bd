DELETE FROM tts_waits WHERE minute < :minute
