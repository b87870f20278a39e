SELECT id, key, kind, person_id, hospital_id, facts, language, secret, to_phone, to_email, is_shown, created_at,
  useless_at, read_at
FROM notifications_message
WHERE person_id = $1 AND is_shown = 1 AND id < $2 AND (CAST($3 AS BIGINT) = 0 OR read_at IS NULL)
ORDER BY id DESC LIMIT $4
