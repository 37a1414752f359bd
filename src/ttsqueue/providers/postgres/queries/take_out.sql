-- After lock_departing. What belongs to a job is kept as moving.moving_from_json reads it.
WITH leaving AS MATERIALIZED (
    SELECT * FROM tts_jobs WHERE id = ANY (string_to_array(current_setting('tts.departing'), ',')::uuid[])
),
kept AS (
    INSERT INTO tts_notes (name, text, version)
    SELECT
        'departed:' || job.id,
        jsonb_build_object(
            'to', %(to)s::text,
            'lease', job.lease + 1,
            'seq', job.seq,
            'job', to_jsonb(job) - '{payload,outline,result}'::text[],
            'payload', job.payload::text,
            'outline', job.outline::text,
            'chapters', (
                SELECT coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'finished_at', chapter.finished_at,
                            'chapter', jsonb_build_object(
                                'index', chapter.position, 'audio_file_id', chapter.audio_file_id,
                                'duration', chapter.duration, 'silent', chapter.silent, 'sound', chapter.sound
                            )
                        )
                        ORDER BY chapter.position
                    ),
                    '[]'
                )
                FROM tts_chapters AS chapter WHERE chapter.job = job.id
            ),
            'attempts', (
                SELECT coalesce(jsonb_agg(to_jsonb(attempt) - 'job' ORDER BY attempt.number), '[]')
                FROM tts_attempts AS attempt WHERE attempt.job = job.id
            ),
            'history', (
                SELECT coalesce(jsonb_agg(to_jsonb(change) - 'job' ORDER BY change.number), '[]')
                FROM tts_history AS change WHERE change.job = job.id
            ),
            'keys', (
                SELECT coalesce(jsonb_agg(to_jsonb(used) - 'job' ORDER BY used.used_at), '[]')
                FROM tts_idempotency_keys AS used WHERE used.job = job.id
            )
        )::text,
        job.lease + 1
    FROM leaving AS job
),
left_for_good AS (
    DELETE FROM tts_jobs USING leaving WHERE tts_jobs.id = leaving.id
)
SELECT id, seq FROM leaving ORDER BY seq
