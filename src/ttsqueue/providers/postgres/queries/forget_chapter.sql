WITH held AS (
    UPDATE tts_jobs SET updated_at = now() WHERE id = %(id)s AND lease = %(lease)s RETURNING id
),
forgotten AS (
    DELETE FROM tts_chapters USING held WHERE job = held.id AND position = %(position)s
)
SELECT id FROM held
