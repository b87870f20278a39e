INSERT INTO reporting_export (user_id, role, kind, hospital_id, format, status, from_at, to_at, source_id, after_at, after_id,
  is_read, done, total, created_at)
VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7, 0, $6, 0, 0, 0, 0, $8)
RETURNING id
