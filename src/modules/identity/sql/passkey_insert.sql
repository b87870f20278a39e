INSERT INTO identity_passkey (user_id, name, credential_id, public_key, user_handle, sign_count, is_synced, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (credential_id) DO NOTHING
RETURNING id
