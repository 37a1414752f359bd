SELECT to_regclass('public.tts_queue') IS NOT NULL AS installed
