UPDATE tts_jobs SET heartbeat_at = :now WHERE id = :id AND lease = :lease AND status = 'processing'
