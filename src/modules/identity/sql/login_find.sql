SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, p.hash
FROM identity_login l
JOIN identity_user u ON u.id = l.user_id
LEFT JOIN identity_password p ON p.user_id = l.user_id
WHERE l.login = $1
