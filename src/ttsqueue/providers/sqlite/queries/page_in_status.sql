SELECT * FROM tts_jobs INDEXED BY tts_jobs_status
WHERE status = :status
    AND status <> 'pending'
    AND seq < :before
    AND (:error_code IS NULL OR error_code = :error_code)
    AND (:priorities IS NULL OR priority IN (SELECT value FROM json_each(:priorities)))
    AND (:created_before IS NULL OR created_at < :created_before)
    AND (:text IS NULL OR instr(folded(title), :text))
ORDER BY seq DESC
LIMIT :limit
