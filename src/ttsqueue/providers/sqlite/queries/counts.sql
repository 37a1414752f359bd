SELECT status, jobs FROM tts_counts
