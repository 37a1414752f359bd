-- The job is here again: it counts by itself.
DELETE FROM tts_usage WHERE user_id = :user_id AND added_at = :added_at AND characters = :characters
