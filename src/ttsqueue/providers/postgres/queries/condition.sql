SELECT current_setting('server_version_num')::integer AS server_version,
    (SELECT schema_version FROM tts_queue) AS schema_version,
    coalesce((SELECT attcompression = 'l' FROM pg_attribute
        WHERE attrelid = 'tts_jobs'::regclass AND attname = 'payload'), false) AS compresses_well,
    (SELECT relrowsecurity FROM pg_class WHERE oid = 'tts_jobs'::regclass) AS rows_are_guarded,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
    current_setting('max_connections')::integer AS most_connections,
    coalesce((SELECT max(clock_timestamp() - xact_start) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()), interval '0') AS oldest_transaction,
    coalesce(pg_stat_get_live_tuples('tts_jobs'::regclass), 0) AS live_rows,
    coalesce(pg_stat_get_dead_tuples('tts_jobs'::regclass), 0) AS dead_rows,
    clock_timestamp() AS read_at
