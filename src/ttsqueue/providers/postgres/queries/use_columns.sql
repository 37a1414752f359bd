BEGIN;
SET LOCAL lock_timeout = '1s';
SELECT public.tts_use_columns();
COMMIT
