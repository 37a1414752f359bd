SELECT json_extract(text, '$.job.id') AS job_id, json_extract(text, '$.to') AS "to"
FROM tts_notes WHERE name >= 'departed:' AND name < 'departed;'
