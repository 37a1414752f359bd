-- Small texts that all processes share; each is replaced as a whole.
CREATE TABLE tts_notes (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    version INTEGER NOT NULL
) WITHOUT ROWID;
