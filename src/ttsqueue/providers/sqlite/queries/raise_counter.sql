-- No later commit may have this number: who has seen it looks for greater ones.
UPDATE tts_queue SET counter_floor = max(counter_floor, :number)
