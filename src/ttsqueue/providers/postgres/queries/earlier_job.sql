SELECT used.body_hash, {job}
FROM tts_idempotency_keys AS used
JOIN tts_jobs AS job ON job.id = used.job
WHERE used.user_id = %(user_id)s AND used.key = %(key)s AND used.used_at > now() - interval '24 hours'
