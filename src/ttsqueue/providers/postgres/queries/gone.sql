DELETE FROM tts_notes
USING unnest(%(ids)s::text[], %(tokens)s::bigint[]) AS lease (job_id, token)
WHERE name = 'departed:' || lease.job_id AND version = lease.token
