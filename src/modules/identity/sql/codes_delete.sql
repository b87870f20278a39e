DELETE FROM identity_code
WHERE id IN (SELECT id FROM identity_code
  WHERE created_at < $1 AND (used_at IS NULL OR created_at < $2)
  ORDER BY created_at LIMIT $3)
