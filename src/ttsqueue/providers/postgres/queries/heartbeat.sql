UPDATE tts_jobs AS job SET heartbeat_at = now()
FROM unnest(%(ids)b::uuid[], %(tokens)b::bigint[]) AS held (id, lease)
WHERE job.id = held.id AND job.lease = held.lease
RETURNING job.id, job.lease
