SELECT outline FROM tts_jobs WHERE id = %(id)s
