UPDATE tts_jobs SET voice_id = coalesce(voice_id, :voice_id), updated_at = :now, changed = :number
WHERE id = :id AND lease = :lease AND status = 'processing'
RETURNING *
