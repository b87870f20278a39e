DELETE FROM identity_recovery_code WHERE user_id = $1
