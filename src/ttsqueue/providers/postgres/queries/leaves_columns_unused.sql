SELECT EXISTS (
        SELECT FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attrelid = to_regclass('public.profiles') AND attname = 'is_premium' AND NOT attisdropped
            AND relkind IN ('r', 'p') AND has_table_privilege(attrelid, 'TRIGGER')
    ) AND NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.profiles') AND tgname = 'tts_guard_premium'
    ) OR 2 = (
        SELECT count(*) FROM pg_attribute
        WHERE attrelid = to_regclass('public.works') AND attname IN ('tts_job_id', 'user_id') AND NOT attisdropped
    ) AND NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = 'public.tts_jobs'::regclass AND tgname = 'tts_show_at_work'
    ) AS unused
