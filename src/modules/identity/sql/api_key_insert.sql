INSERT INTO identity_api_key (owner_id, name, prefix, key_hash, scopes, hospital_id, per_minute, per_day, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id
