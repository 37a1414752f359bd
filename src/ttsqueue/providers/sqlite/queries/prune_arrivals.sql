DELETE FROM tts_notes
WHERE name >= 'arrived:' AND name < 'arrived;' AND json_extract(text, '$[2]') <= :since
