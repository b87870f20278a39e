UPDATE notifications_message SET read_at = COALESCE(read_at, $3)
WHERE id = $2 AND person_id = $1 AND is_shown = 1
