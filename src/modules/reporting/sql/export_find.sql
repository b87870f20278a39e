SELECT id, user_id, role, kind, hospital_id, format, status, from_at, to_at, source_id, after_at, after_id, is_read, done,
  total, created_at, expires_at, error
FROM reporting_export WHERE id = $1
