SELECT * FROM tts_jobs INDEXED BY tts_jobs_work
WHERE work_hash = :work_hash
    AND work_id = :work_id
    AND seq < :before
    AND (:statuses IS NULL OR status IN (SELECT value FROM json_each(:statuses)))
    AND (:error_code IS NULL OR error_code = :error_code)
    AND (:priorities IS NULL OR priority IN (SELECT value FROM json_each(:priorities)))
    AND (:created_before IS NULL OR created_at < :created_before)
    AND (:text IS NULL OR instr(folded(title), :text))
ORDER BY seq DESC
LIMIT :limit
