SELECT * FROM tts_jobs INDEXED BY tts_jobs_work
WHERE work_hash = :work_hash
    AND work_id = :work_id
    AND seq < :before
    AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
ORDER BY seq DESC
LIMIT :limit
