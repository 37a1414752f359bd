SELECT text, version FROM tts_notes WHERE name = :name
