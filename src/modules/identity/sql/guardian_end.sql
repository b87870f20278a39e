UPDATE identity_guardian SET ended_at = $3 WHERE guardian_id = $1 AND dependent_id = $2 AND ended_at IS NULL
