SELECT COUNT(*) FROM identity_api_key WHERE owner_id = $1 AND revoked_at IS NULL AND expires_at > $2
