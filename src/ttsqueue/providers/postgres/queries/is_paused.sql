SELECT paused FROM tts_queue
