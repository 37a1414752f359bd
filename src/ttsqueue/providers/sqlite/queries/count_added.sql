UPDATE tts_counts SET jobs = jobs + :jobs WHERE status = 'pending'
