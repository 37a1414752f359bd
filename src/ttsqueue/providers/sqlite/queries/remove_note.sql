DELETE FROM tts_notes WHERE name = :name AND version = :version
