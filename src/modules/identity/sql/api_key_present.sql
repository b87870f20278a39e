-- Who stands behind a key, and how often it was used today.
SELECT k.id, k.owner_id, k.scopes, k.hospital_id, k.per_minute, k.per_day, k.expires_at, k.revoked_at,
  u.role, u.status, u.hospital_id, u.doctor_id,
  COALESCE((SELECT a.calls FROM identity_api_usage a WHERE a.key_id = k.id AND a.used_on = $2), 0),
  CASE WHEN EXISTS (SELECT 1 FROM identity_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM identity_passkey p WHERE p.user_id = u.id) THEN 1 ELSE 0 END
FROM identity_api_key k
JOIN identity_user u ON u.id = k.owner_id
WHERE k.key_hash = $1
