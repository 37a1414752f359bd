INSERT OR REPLACE INTO tts_notes (name, text, version) VALUES (:name, :text, :version)
