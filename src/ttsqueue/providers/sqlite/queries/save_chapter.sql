INSERT OR REPLACE INTO tts_chapters (job, position, audio_file_id, duration, silent, sound, lease, finished_at)
VALUES (:job, :position, :audio_file_id, :duration, :silent, :sound, :lease, :now)
