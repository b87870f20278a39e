INSERT INTO identity_recovery_code (user_id, code_hash) VALUES ($1, $2)
