SELECT * FROM tts_jobs WHERE seq < :before ORDER BY seq DESC LIMIT :limit
