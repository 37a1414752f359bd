INSERT INTO tts_attempts (job, number, worker_id, started_at) VALUES (:job, :number, :worker, :now)
