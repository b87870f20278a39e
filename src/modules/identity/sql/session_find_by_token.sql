SELECT s.id, s.kind, s.seen_at, s.expires_at, s.revoked_at, u.id, u.role, u.status, u.hospital_id, u.doctor_id,
  CASE WHEN EXISTS (SELECT 1 FROM identity_totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM identity_passkey p WHERE p.user_id = u.id) THEN 1 ELSE 0 END
FROM identity_session s
JOIN identity_user u ON u.id = s.user_id
WHERE s.token_hash = $1
