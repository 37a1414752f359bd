INSERT INTO tts_history (job, step, at, status, reason)
VALUES (:job, (SELECT coalesce(max(step), 0) + 1 FROM tts_history WHERE job = :job), :now, :status, :reason)
