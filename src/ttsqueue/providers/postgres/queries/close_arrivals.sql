UPDATE tts_notes SET text = jsonb_set(text::jsonb, '{2}', to_jsonb(now()))::text
FROM unnest(%(ids)s::text[], %(tokens)s::bigint[]) AS lease (job_id, token)
WHERE name = 'arrived:' || lease.job_id
    AND (text::jsonb ->> 0)::bigint = lease.token
    AND text::jsonb ->> 2 IS NULL
