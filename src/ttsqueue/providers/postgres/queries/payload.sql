SELECT payload FROM tts_jobs WHERE id = %(id)s
