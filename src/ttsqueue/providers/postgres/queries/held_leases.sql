SELECT id, lease FROM tts_jobs WHERE id = ANY(%(ids)s::uuid[])
