SELECT payload.body FROM tts_jobs AS job JOIN tts_payloads AS payload ON payload.job = job.seq WHERE job.id = :id
