UPDATE notifications_message SET read_at = $3
WHERE person_id = $1 AND is_shown = 1 AND id <= $2 AND read_at IS NULL
