SELECT
    max(
        counter_floor,
        ifnull((SELECT max(seq) FROM tts_jobs), 0),
        ifnull((SELECT max(changed) FROM tts_jobs INDEXED BY tts_jobs_changed WHERE changed IS NOT NULL), 0)
    )
FROM tts_queue
