DELETE FROM identity_reset WHERE id IN (SELECT id FROM identity_reset WHERE created_at < $1 ORDER BY created_at LIMIT $2)
