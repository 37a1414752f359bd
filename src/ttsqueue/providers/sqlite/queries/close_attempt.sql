UPDATE tts_attempts SET ended_at = :now, outcome = :outcome, error = :error WHERE job = :job AND number = :number
