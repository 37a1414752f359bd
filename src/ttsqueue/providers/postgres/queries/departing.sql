SELECT text FROM tts_notes WHERE name = 'departed:' || %(job_id)s
