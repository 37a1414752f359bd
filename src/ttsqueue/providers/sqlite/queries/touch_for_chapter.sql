-- Before the chapter is written: it is the first unfinished one when all before it are there and it is not.
UPDATE tts_jobs SET
    attempts = iif(
        (SELECT count(*) FROM tts_chapters WHERE job = seq AND position < :position) = :position
            AND NOT EXISTS (SELECT 1 FROM tts_chapters WHERE job = seq AND position = :position),
        1,
        attempts
    ),
    heartbeat_at = :now,
    updated_at = :now,
    changed = :number
WHERE id = :id AND lease = :lease AND status = 'processing'
RETURNING *
