INSERT INTO tts_activity (minute, completed, failed, characters, audio_seconds)
VALUES (:minute, :completed, :failed, 0, 0)
ON CONFLICT (minute) DO UPDATE SET completed = completed + excluded.completed, failed = failed + excluded.failed
