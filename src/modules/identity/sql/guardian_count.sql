SELECT COUNT(*) FROM identity_guardian WHERE guardian_id = $1 AND (ended_at IS NULL OR ended_at > $2)
