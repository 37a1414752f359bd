SELECT id, seq AS number FROM tts_jobs WHERE seq > :seen
UNION ALL
SELECT id, changed FROM tts_jobs INDEXED BY tts_jobs_changed WHERE changed > :seen
