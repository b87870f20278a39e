SELECT topic, channel, is_on FROM notifications_preference WHERE person_id = $1 ORDER BY topic, channel
