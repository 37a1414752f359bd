-- What the HTTP server needs: keys of servers, what users have used up, and figures for charts.

CREATE TABLE tts_keys (
    name TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    is_admin INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Characters of jobs that were deleted within a day of being added; those of other jobs stand in their outline.
CREATE TABLE tts_usage (
    user_id TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    PRIMARY KEY (user_id, added_at, seq)
) WITHOUT ROWID;

-- One row for each minute (since the epoch) in which something happened.
CREATE TABLE tts_activity (
    minute INTEGER PRIMARY KEY,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    audio_seconds REAL NOT NULL
);

-- How many of the jobs that first started in a minute had waited how long.
CREATE TABLE tts_waits (
    minute INTEGER NOT NULL,
    is_premium INTEGER NOT NULL,
    step INTEGER NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (minute, is_premium, step)
) WITHOUT ROWID;

-- Before the payload goes, which holds the outline.
CREATE TRIGGER tts_jobs_used BEFORE DELETE ON tts_jobs
WHEN old.created_at / 1000000 > CAST(strftime('%s', 'now') AS INTEGER) - 86400 BEGIN
    INSERT INTO tts_usage (user_id, added_at, seq, characters)
    SELECT old.user_id, old.created_at, old.seq, ifnull(sum(json_extract(chapter.value, '$[2]')), 0)
    FROM tts_payloads AS payload, json_each(payload.outline) AS chapter
    WHERE payload.job = old.seq;
END;
