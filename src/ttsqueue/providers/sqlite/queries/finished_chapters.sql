SELECT * FROM tts_chapters WHERE job = :job
