SELECT outline, body FROM tts_payloads WHERE job = :job
