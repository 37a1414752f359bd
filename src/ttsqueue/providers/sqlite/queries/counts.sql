SELECT status, jobs FROM tts_counts
UNION ALL
SELECT 'pending', (SELECT count(*) FROM tts_jobs) - (SELECT sum(jobs) FROM tts_counts)
