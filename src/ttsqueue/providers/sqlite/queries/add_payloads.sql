INSERT INTO tts_payloads (job, outline, body)
VALUES (?, ?, ?)
