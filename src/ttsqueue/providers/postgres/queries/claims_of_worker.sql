SELECT {job} FROM tts_jobs AS job WHERE status = 'processing' AND worker_id = %(worker)s ORDER BY seq
