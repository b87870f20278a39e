-- A secret that was never confirmed gives way; one that is in use does not.
INSERT INTO identity_totp (user_id, sealed, created_at)
VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
WHERE identity_totp.confirmed_at IS NULL
