SELECT schema_version FROM tts_queue
