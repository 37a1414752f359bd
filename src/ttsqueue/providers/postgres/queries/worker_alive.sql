UPDATE tts_workers SET heartbeat_at = now() WHERE instance = %(instance)s RETURNING instance
