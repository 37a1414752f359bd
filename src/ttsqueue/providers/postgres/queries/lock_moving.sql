-- Those who bring the same job wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended('ttsqueue moving ' || %(id)s::text, 0))
