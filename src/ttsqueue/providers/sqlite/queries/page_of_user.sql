SELECT * FROM tts_jobs INDEXED BY tts_jobs_user
WHERE user_hash = :user_hash
    AND user_id = :user_id
    AND seq < :before
    AND (:work_id IS NULL OR work_id = :work_id)
    AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
    AND (:error_code IS NULL OR error_code = :error_code)
    AND (:priorities IS NULL OR priority IN (SELECT value FROM json_each(:priorities)))
    AND (:created_before IS NULL OR created_at < :created_before)
    AND (:text IS NULL OR instr(folded(title), :text))
ORDER BY seq DESC
LIMIT :limit
