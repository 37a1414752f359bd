-- It is the first unfinished one when all before it are there and it is not.
WITH held AS (
    UPDATE tts_jobs AS job SET
        attempts = CASE
            WHEN (SELECT count(*) FROM tts_chapters WHERE job = %(id)s AND position < %(position)s) = %(position)s
                AND NOT EXISTS (SELECT FROM tts_chapters WHERE job = %(id)s AND position = %(position)s)
            THEN 1
            ELSE attempts
        END,
        heartbeat_at = now(),
        updated_at = now()
    WHERE id = %(id)s AND lease = %(lease)s
    RETURNING {job}, (outline -> %(position)s::integer ->> 2)::bigint AS characters
),
saved AS (
    INSERT INTO tts_chapters AS old (job, position, audio_file_id, duration, silent, sound, lease)
    SELECT id, %(position)s, %(audio_file_id)s, %(duration)s, %(silent)s, %(sound)s::jsonb, lease FROM held
    ON CONFLICT (job, position) DO UPDATE SET
        audio_file_id = excluded.audio_file_id,
        duration = excluded.duration,
        silent = excluded.silent,
        sound = excluded.sound,
        lease = excluded.lease,
        finished_at = now()
),
counted AS (
    INSERT INTO tts_activity AS done (minute, slot, characters, audio_seconds)
    SELECT tts_minute(now()), tts_slot(), coalesce(characters, 0), %(duration)s FROM held
    ON CONFLICT (minute, slot) DO UPDATE SET
        characters = done.characters + excluded.characters,
        audio_seconds = done.audio_seconds + excluded.audio_seconds
)
SELECT * FROM held
