UPDATE tts_notes SET text = :text, version = version + 1
WHERE name = :name AND version = :version
