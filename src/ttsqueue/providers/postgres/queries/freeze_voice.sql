UPDATE tts_jobs AS job SET voice_id = coalesce(voice_id, %(voice_id)s), updated_at = now()
WHERE id = %(id)s AND lease = %(lease)s
RETURNING {job}
