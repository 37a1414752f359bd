SELECT pg_advisory_xact_lock(hashtextextended(%(user_id)s::text || %(key)s, 7598263422102))
