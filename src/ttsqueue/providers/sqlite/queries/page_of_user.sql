SELECT * FROM tts_jobs INDEXED BY tts_jobs_user
WHERE user_hash = :user_hash
    AND user_id = :user_id
    AND seq < :before
    AND (:work_id IS NULL OR work_id = :work_id)
    AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
ORDER BY seq DESC
LIMIT :limit
