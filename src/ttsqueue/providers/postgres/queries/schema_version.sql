SELECT schema_version, usable_from FROM tts_queue
