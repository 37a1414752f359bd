INSERT INTO tts_waits (minute, is_premium, step, jobs)
VALUES (:minute, :is_premium, :step, 1)
ON CONFLICT (minute, is_premium, step) DO UPDATE SET jobs = jobs + 1
