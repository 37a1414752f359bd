SELECT * FROM tts_jobs
WHERE seq IN (
    SELECT seq FROM tts_jobs INDEXED BY tts_jobs_pending
    WHERE status = 'pending' AND seq < :before
    ORDER BY seq DESC
    LIMIT :limit
)
ORDER BY seq DESC
