SELECT id, key, kind, person_id, hospital_id, facts, language, secret, to_phone, to_email, is_shown, created_at,
  useless_at, read_at
FROM notifications_message WHERE id = $1
