SELECT nonce, created_at FROM notifications_calendar WHERE person_id = $1
