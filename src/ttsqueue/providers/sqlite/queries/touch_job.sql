UPDATE tts_jobs SET updated_at = :now, changed = :number
WHERE id = :id AND lease = :lease AND status = 'processing'
RETURNING seq
