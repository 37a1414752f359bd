INSERT INTO tts_attempts (job, number, worker_id, started_at, ended_at, outcome, error)
VALUES (:job, :number, :worker_id, :started_at, :ended_at, :outcome, :error)
