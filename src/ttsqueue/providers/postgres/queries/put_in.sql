-- After lock_moving. A departed job comes in: here as new, or back. `taken_in` says whether; if not, why not.
WITH decided AS MATERIALIZED (
    SELECT text::jsonb AS decision FROM tts_notes
    WHERE NOT %(is_back)s AND name = 'arrived:' || %(id)s::text AND (text::jsonb ->> 0)::bigint >= %(lease)s
),
kept AS MATERIALIZED (
    SELECT (text::jsonb ->> 'seq')::bigint AS seq FROM tts_notes
    WHERE %(is_back)s AND name = 'departed:' || %(id)s::text AND version = %(lease)s
),
present AS MATERIALIZED (
    SELECT id FROM tts_jobs WHERE id = %(id)s
),
twin AS MATERIALIZED (
    SELECT id, status FROM tts_jobs
    WHERE active_key = %(active_key)s AND status IN ('pending', 'processing') AND id <> %(id)s
),
arrived AS (
    INSERT INTO tts_jobs (
        seq, id, work_id, user_id, job_type, priority, payload, outline, total_chapters, max_attempts, title,
        active_key, run_at, created_at, started_at, lease, lease_taken, attempts, claims, voice_id, progress_percent,
        progress_message, current_chapter, error_message, error_code, last_error
    )
    SELECT
        coalesce((SELECT seq FROM kept), nextval(pg_get_serial_sequence('tts_jobs', 'seq'))), %(id)s::uuid,
        %(work_id)s::uuid, %(user_id)s::uuid, %(job_type)s, %(priority)s::integer, %(payload)s::jsonb,
        %(outline)s::jsonb, %(total_chapters)s::integer, %(max_attempts)s::integer, %(title)s, %(active_key)s,
        %(run_at)s::timestamptz, %(created_at)s::timestamptz, %(started_at)s::timestamptz, %(lease)s::bigint,
        %(claims)s::integer > 0, %(attempts)s::integer, %(claims)s::integer, %(voice_id)s,
        %(progress_percent)s::integer, %(progress_message)s, %(current_chapter)s::integer, %(error_message)s,
        %(error_code)s, %(last_error)s
    WHERE NOT EXISTS (SELECT FROM present) AND NOT EXISTS (SELECT FROM twin)
        AND CASE WHEN %(is_back)s THEN EXISTS (SELECT FROM kept) ELSE NOT EXISTS (SELECT FROM decided) END
    ON CONFLICT DO NOTHING
    RETURNING id, user_id, created_at
),
chapters AS (
    INSERT INTO tts_chapters (job, position, audio_file_id, duration, silent, sound, lease, finished_at)
    SELECT arrived.id, position, audio_file_id, duration, silent, sound, %(lease)s::bigint, finished_at
    FROM arrived, jsonb_to_recordset(%(chapters)s::jsonb) AS chapter (
        position integer, audio_file_id text, duration double precision, silent boolean, sound jsonb,
        finished_at timestamptz
    )
),
attempts AS (
    INSERT INTO tts_attempts (job, number, worker_id, started_at, ended_at, outcome, error)
    SELECT arrived.id, number, worker_id, started_at, ended_at, outcome, error
    FROM arrived, jsonb_to_recordset(%(attempt_records)s::jsonb) AS attempt (
        number integer, worker_id text, started_at timestamptz, ended_at timestamptz, outcome text, error text
    )
),
changes AS (
    INSERT INTO tts_history (job, at, status, reason)
    SELECT arrived.id, coalesce(at, now()), status, reason
    FROM arrived, jsonb_to_recordset(%(history)s::jsonb) AS change (
        place integer, at timestamptz, status text, reason text
    )
    ORDER BY place
),
keys AS (
    INSERT INTO tts_idempotency_keys (user_id, key, body_hash, job, used_at)
    SELECT arrived.user_id, key, body_hash, arrived.id, used_at
    FROM arrived, jsonb_to_recordset(%(keys)s::jsonb) AS used (key text, body_hash text, used_at timestamptz)
    ON CONFLICT DO NOTHING
),
counted_again AS (
    DELETE FROM tts_usage USING arrived
    WHERE tts_usage.user_id = arrived.user_id AND tts_usage.added_at = arrived.created_at
        AND tts_usage.characters = %(characters)s
),
no_longer_kept AS (
    DELETE FROM tts_notes
    WHERE %(is_back)s AND name = 'departed:' || %(id)s::text AND EXISTS (SELECT FROM arrived)
),
decision AS (
    INSERT INTO tts_notes (name, text, version)
    SELECT
        'arrived:' || %(id)s::text,
        jsonb_build_array(
            %(lease)s::bigint, CASE WHEN NOT EXISTS (SELECT FROM present) THEN (SELECT id FROM twin) END, NULL
        )::text,
        1
    WHERE NOT %(is_back)s AND NOT EXISTS (SELECT FROM decided)
        AND (
            EXISTS (SELECT FROM arrived) OR EXISTS (SELECT FROM present) OR EXISTS (SELECT FROM twin)
        )
    ON CONFLICT (name) DO UPDATE SET text = excluded.text
)
SELECT
    EXISTS (SELECT FROM arrived) AS taken_in,
    EXISTS (SELECT FROM present) AS present,
    EXISTS (SELECT FROM kept) AS kept,
    (SELECT decision FROM decided) AS decision,
    (SELECT id FROM twin) AS twin_id,
    (SELECT status FROM twin) AS twin_status
