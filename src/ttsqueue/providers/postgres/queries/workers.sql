SELECT
    worker.*,
    greatest(now() - worker.heartbeat_at, '0') AS silent_for,
    ARRAY(
        SELECT id FROM tts_jobs WHERE status = 'processing' AND worker_id = worker.name ORDER BY seq
    ) AS job_ids
FROM tts_workers AS worker
ORDER BY worker.name COLLATE "C"
