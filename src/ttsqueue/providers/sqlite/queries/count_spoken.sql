INSERT INTO tts_activity (minute, completed, failed, characters, audio_seconds)
SELECT :minute, 0, 0, ifnull(json_extract(outline, '$[' || :position || '][2]'), 0), :duration
FROM tts_payloads
WHERE job = :job
ON CONFLICT (minute) DO UPDATE SET
    characters = characters + excluded.characters,
    audio_seconds = audio_seconds + excluded.audio_seconds
