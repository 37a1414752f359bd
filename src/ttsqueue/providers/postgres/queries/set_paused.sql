UPDATE tts_queue SET paused = %(paused)s
