SELECT * FROM tts_jobs WHERE id = :id
