DELETE FROM identity_passkey_answer
WHERE challenge_hash IN (SELECT challenge_hash FROM identity_passkey_answer WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)
