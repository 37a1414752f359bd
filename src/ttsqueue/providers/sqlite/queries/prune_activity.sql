DELETE FROM tts_activity WHERE minute < :minute
