INSERT INTO notifications_preference (person_id, topic, channel, is_on) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, topic, channel) DO UPDATE SET is_on = excluded.is_on
