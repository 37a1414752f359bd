SELECT id FROM tts_jobs WHERE id = %(id)s FOR UPDATE
