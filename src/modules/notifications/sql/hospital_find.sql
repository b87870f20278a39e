SELECT chat_url, changed_by, changed_at FROM notifications_hospital WHERE hospital_id = $1
