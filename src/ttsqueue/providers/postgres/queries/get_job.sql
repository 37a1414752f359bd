SELECT {job} FROM tts_jobs AS job WHERE id = %(id)s
