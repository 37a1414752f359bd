DELETE FROM tts_workers WHERE instance = %(instance)s
