SELECT * FROM tts_jobs
WHERE seq < :before
    AND (:error_code IS NULL OR error_code = :error_code)
    AND (:priorities IS NULL OR priority IN (SELECT value FROM json_each(:priorities)))
    AND (:created_before IS NULL OR created_at < :created_before)
    AND (:text IS NULL OR instr(folded(title), :text))
ORDER BY seq DESC
LIMIT :limit
