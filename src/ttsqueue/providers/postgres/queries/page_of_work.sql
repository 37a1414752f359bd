SELECT {job} FROM tts_jobs AS job
WHERE seq < %(before)s
    AND work_id = %(work_id)s
    AND (%(statuses)s::text[] IS NULL OR status = ANY(%(statuses)s))
    AND (%(error_code)s::text IS NULL OR error_code = %(error_code)s)
    AND (%(priorities)s::integer[] IS NULL OR priority = ANY(%(priorities)s))
    AND (%(created_before)s::timestamptz IS NULL OR created_at < %(created_before)s)
    AND (%(text)s::text IS NULL OR position(lower(%(text)s) IN lower(title)) > 0)
ORDER BY seq DESC
LIMIT %(limit)s
