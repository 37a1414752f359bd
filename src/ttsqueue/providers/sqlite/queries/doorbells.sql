SELECT path FROM tts_doorbells
