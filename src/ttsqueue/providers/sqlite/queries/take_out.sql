-- In order of arrival, and never by another index: one pass over the table serves all calls together.
UPDATE tts_jobs SET
    lease = lease + 1,
    updated_at = :now,
    changed = :number
WHERE seq IN (
    SELECT seq FROM tts_jobs NOT INDEXED
    WHERE seq > :after AND status = 'pending'
    ORDER BY seq
    LIMIT :limit
)
RETURNING *
