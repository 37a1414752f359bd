CREATE TABLE works (id uuid PRIMARY KEY, title text);


CREATE TABLE tts_jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    work_id uuid NOT NULL REFERENCES works (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    job_type varchar(50) NOT NULL DEFAULT 'full_book',
    status varchar(50) NOT NULL DEFAULT 'pending',
    priority integer DEFAULT 10,
    payload jsonb NOT NULL,
    result jsonb,
    error_message text,
    progress_percent integer DEFAULT 0,
    progress_message text,
    current_chapter integer,
    total_chapters integer,
    created_at timestamptz DEFAULT now(),
    started_at timestamptz,
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now(),
    worker_id varchar(255),
    heartbeat_at timestamptz,
    attempts integer DEFAULT 0,
    max_attempts integer DEFAULT 3,
    last_error text
);
CREATE INDEX idx_tts_jobs_status_priority ON tts_jobs (status, priority, created_at) WHERE status = 'pending';
CREATE INDEX idx_tts_jobs_user_id ON tts_jobs (user_id);
CREATE INDEX idx_tts_jobs_work_id ON tts_jobs (work_id);
CREATE INDEX idx_tts_jobs_heartbeat ON tts_jobs (heartbeat_at) WHERE status = 'processing';

CREATE FUNCTION update_tts_jobs_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.updated_at = now();
    RETURN new;
END
$$;
CREATE TRIGGER trigger_tts_jobs_updated_at BEFORE UPDATE ON tts_jobs
FOR EACH ROW EXECUTE FUNCTION update_tts_jobs_updated_at();

CREATE FUNCTION claim_next_tts_job(worker_id_param varchar)
RETURNS TABLE (job_id uuid, work_id uuid, payload jsonb, attempts integer)
LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN; END $$;
CREATE FUNCTION update_tts_job_progress(
    job_id_param uuid, progress_percent_param integer, progress_message_param text, current_chapter_param integer
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN; END $$;
CREATE FUNCTION complete_tts_job(job_id_param uuid, result_param jsonb)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN; END $$;
CREATE FUNCTION fail_tts_job(job_id_param uuid, error_message_param text, should_retry boolean DEFAULT true)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN; END $$;
CREATE FUNCTION reset_stuck_tts_jobs() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN 0; END $$;

ALTER TABLE tts_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY "Users can view their own jobs" ON tts_jobs FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Users can insert their own jobs" ON tts_jobs FOR INSERT WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can cancel their own jobs" ON tts_jobs FOR UPDATE USING (auth.uid() = user_id);
CREATE POLICY "Service role full access" ON tts_jobs USING (auth.role() = 'service_role');

INSERT INTO works (id, title) VALUES ('00000000-0000-4000-8000-000000000001', 'Fog'), ('00000000-0000-4000-8000-000000000002', 'Salt');
INSERT INTO auth.users (id) VALUES ('00000000-0000-4000-8000-00000000000a');
-- Two of each are the same job, as the first schema let happen.
INSERT INTO tts_jobs (work_id, user_id, payload, status, attempts, started_at, worker_id)
SELECT
    works.id,
    users.id,
    '{"chapters": [{"chapterId": "ch1", "title": "One", "text": "It was night."}]}',
    state,
    (state <> 'pending')::integer,
    CASE WHEN state <> 'pending' THEN now() END,
    CASE WHEN state = 'processing' THEN 'old-worker' END
FROM works, auth.users, unnest(ARRAY['pending', 'pending', 'processing', 'failed']) AS state;
