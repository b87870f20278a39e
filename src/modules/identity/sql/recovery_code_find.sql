SELECT user_id FROM identity_recovery_code WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
