-- Times are microseconds since the epoch, in UTC.
-- One counter, under the write lock, orders everything: `seq` is the number a job arrived with, `changed` that of the
-- last change since (none for a new job, so that adding one leaves that index alone).
-- Indexes on values without order hold hashes: a new job dirties a page of each, and there are fewer pages so.

CREATE TABLE tts_jobs (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    work_id TEXT NOT NULL,
    work_hash INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    user_hash INTEGER NOT NULL,
    job_type TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 10),
    run_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    active_hash INTEGER NOT NULL, -- 64 bits of what tells this job from another of the same work
    total_chapters INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    title TEXT NOT NULL,
    changed INTEGER,
    lease INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    claims INTEGER NOT NULL DEFAULT 0,
    voice_id TEXT,
    progress_percent INTEGER NOT NULL DEFAULT 0,
    progress_message TEXT NOT NULL DEFAULT '',
    current_chapter INTEGER NOT NULL DEFAULT 0,
    eta_seconds REAL,
    started_at INTEGER,
    completed_at INTEGER,
    heartbeat_at INTEGER,
    worker_id TEXT,
    error_message TEXT,
    error_code TEXT,
    last_error TEXT,
    result TEXT
);

CREATE UNIQUE INDEX tts_jobs_id ON tts_jobs (id);
CREATE INDEX tts_jobs_user ON tts_jobs (user_hash);
-- Lists the jobs of a work, and lets only one job of an active_hash be active.
CREATE UNIQUE INDEX tts_jobs_work
ON tts_jobs (work_hash, active_hash, (CASE WHEN completed_at IS NULL THEN 0 ELSE seq END));
CREATE INDEX tts_jobs_status ON tts_jobs (status) WHERE status <> 'pending';
CREATE INDEX tts_jobs_changed ON tts_jobs (changed) WHERE changed IS NOT NULL;
-- `status` is there only so that SQLite counts pending jobs without looking at their rows.
CREATE INDEX tts_jobs_pending ON tts_jobs (status, priority, run_at) WHERE status = 'pending';

-- Apart from the job, so that claims and lists never step over a book's text.
CREATE TABLE tts_payloads (
    job INTEGER PRIMARY KEY,
    outline TEXT NOT NULL, -- [[chapter id, title, characters], ...]
    body TEXT NOT NULL
);

-- Only what has been spoken; every chapter there is stands in the outline.
CREATE TABLE tts_chapters (
    job INTEGER NOT NULL,
    position INTEGER NOT NULL,
    audio_file_id TEXT NOT NULL,
    duration REAL NOT NULL,
    silent INTEGER NOT NULL,
    sound TEXT NOT NULL,
    lease INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    PRIMARY KEY (job, position)
) WITHOUT ROWID;

CREATE TABLE tts_attempts (
    job INTEGER NOT NULL,
    number INTEGER NOT NULL,
    worker_id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    error TEXT,
    PRIMARY KEY (job, number)
) WITHOUT ROWID;

-- The first state, pending since created_at, is not written down.
CREATE TABLE tts_history (
    job INTEGER NOT NULL,
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (job, step)
) WITHOUT ROWID;

CREATE TABLE tts_idempotency_keys (
    user_id TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    job_id TEXT NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, key)
) WITHOUT ROWID;

CREATE TABLE tts_workers (
    name TEXT PRIMARY KEY,
    instance TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    pid_namespace TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started REAL NOT NULL,
    version TEXT NOT NULL,
    slots INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Sockets of the processes that wait for work.
CREATE TABLE tts_doorbells (
    path TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE tts_queue (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    paused INTEGER NOT NULL DEFAULT 0,
    counter_floor INTEGER NOT NULL DEFAULT 0 -- deleting the newest job must not let the counter go back
);
INSERT INTO tts_queue (only) VALUES (1);

-- Joined with tts_jobs_pending: one probe per priority, however many jobs are delayed.
CREATE TABLE tts_priorities (
    priority INTEGER PRIMARY KEY
);
INSERT INTO tts_priorities VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10);

-- Pending jobs are those that are not counted here: a new job changes nothing, and SQLite counts a whole table fast.
CREATE TABLE tts_counts (
    status TEXT PRIMARY KEY,
    jobs INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO tts_counts VALUES ('processing', 0), ('completed', 0), ('failed', 0), ('cancelled', 0);

CREATE TRIGGER tts_jobs_moved AFTER UPDATE OF status ON tts_jobs WHEN old.status <> new.status BEGIN
    UPDATE tts_counts SET jobs = jobs + iif(status = new.status, 1, -1) WHERE status IN (old.status, new.status);
END;

CREATE TRIGGER tts_jobs_deleted AFTER DELETE ON tts_jobs BEGIN
    UPDATE tts_counts SET jobs = jobs - 1 WHERE status = old.status;
    UPDATE tts_queue SET counter_floor = max(counter_floor, old.seq, ifnull(old.changed, 0));
    DELETE FROM tts_payloads WHERE job = old.seq;
    DELETE FROM tts_chapters WHERE job = old.seq;
    DELETE FROM tts_attempts WHERE job = old.seq;
    DELETE FROM tts_history WHERE job = old.seq;
    DELETE FROM tts_idempotency_keys WHERE user_id = old.user_id AND job_id = old.id;
END;
