SELECT id, user_id, name, credential_id, public_key, user_handle, sign_count, is_synced, created_at, used_at
FROM identity_passkey
WHERE user_id = $1
ORDER BY id
