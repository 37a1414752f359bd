SELECT (
    SELECT coalesce(sum((chapter ->> 2)::bigint), 0)
    FROM tts_jobs AS job CROSS JOIN LATERAL jsonb_array_elements(job.outline) AS entry (chapter)
    WHERE job.user_id = %(user_id)s AND job.created_at > now() - %(span)s::interval
)::bigint + (
    SELECT coalesce(sum(characters), 0) FROM tts_usage
    WHERE user_id = %(user_id)s AND added_at > now() - %(span)s::interval
)::bigint AS characters
