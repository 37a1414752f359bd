SELECT id, seq AS number FROM tts_jobs WHERE seq > :seen
UNION ALL
SELECT id, changed FROM tts_jobs INDEXED BY tts_jobs_changed WHERE changed > :seen
UNION ALL
SELECT left_job.value, note.version
FROM tts_notes AS note CROSS JOIN json_each(note.text) AS left_job
WHERE note.name = 'left' AND note.version > :seen
