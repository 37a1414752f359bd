-- The set_config spares the wait for the disk: who misses this looks by itself a little later.
WITH quickly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
SELECT pg_notify('tts_queue', payload) FROM quickly, unnest(%(payloads)s::text[]) AS payload
