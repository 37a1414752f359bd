SELECT * FROM tts_keys WHERE digest = %(digest)s
