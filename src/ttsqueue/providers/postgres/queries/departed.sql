SELECT substr(name, length('departed:') + 1) AS job_id, text::jsonb ->> 'to' AS "to"
FROM tts_notes WHERE name LIKE 'departed:%%' ORDER BY name
