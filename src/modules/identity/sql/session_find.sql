SELECT s.id, s.kind, s.seen_at, s.expires_at, s.revoked_at, u.id, u.role, u.status, u.hospital_id, u.doctor_id
FROM identity_session s
JOIN identity_user u ON u.id = s.user_id
WHERE s.id = $1
