DELETE FROM tts_notes
WHERE name LIKE 'arrived:%%' AND (text::jsonb ->> 2)::timestamptz <= now() - interval '24 hours'
