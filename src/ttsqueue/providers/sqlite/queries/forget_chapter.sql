DELETE FROM tts_chapters WHERE job = :job AND position = :position
