SELECT position, audio_file_id, duration, silent, sound, finished_at FROM tts_chapters WHERE job = %(id)s
