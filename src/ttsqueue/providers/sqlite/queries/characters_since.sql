-- Ids begin with the time: everything up to the job before `before_id` is older, and not looked at. Not so while a job
-- that came from another store, with an old id, may have arrived behind new ones.
SELECT
    ifnull(
        (
            SELECT sum(json_extract(chapter.value, '$[2]'))
            FROM tts_jobs AS job INDEXED BY tts_jobs_user
            CROSS JOIN tts_payloads AS payload ON payload.job = job.seq
            CROSS JOIN json_each(payload.outline) AS chapter
            WHERE job.user_hash = :user_hash
                AND job.seq > ifnull(
                    (
                        SELECT seq FROM tts_jobs
                        WHERE id < :before_id
                            AND NOT EXISTS (
                                SELECT 1 FROM tts_notes
                                WHERE name = 'newest arrival' AND CAST(text AS INTEGER) > :since
                            )
                        ORDER BY id DESC
                        LIMIT 1
                    ),
                    0
                )
                AND job.user_id = :user_id
                AND job.created_at > :since
        ),
        0
    )
    + ifnull((SELECT sum(characters) FROM tts_usage WHERE user_id = :user_id AND added_at > :since), 0)
