-- Jobs that changed during the last so many seconds: what nobody could tell us of.
SELECT id FROM tts_jobs WHERE status = 'processing' AND updated_at > now() - %(span)s::interval
UNION
SELECT id FROM tts_jobs WHERE completed_at > now() - %(span)s::interval
UNION
SELECT id FROM (SELECT id, updated_at FROM tts_jobs ORDER BY seq DESC LIMIT 1000) AS newest
WHERE updated_at > now() - %(span)s::interval
UNION
SELECT id FROM (
    SELECT job AS id, at FROM tts_history ORDER BY number DESC LIMIT 1000
) AS moved WHERE at > now() - %(span)s::interval
