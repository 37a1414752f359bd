SELECT coalesce(note.text, '') AS text, coalesce(note.version, 0) AS version, clock_timestamp() AS read_at
FROM (VALUES (%(name)s)) AS asked (name) LEFT JOIN tts_notes AS note USING (name)
