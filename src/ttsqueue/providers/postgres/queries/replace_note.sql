UPDATE tts_notes SET text = %(text)s, version = version + 1
WHERE name = %(name)s AND version = %(version)s
RETURNING version
