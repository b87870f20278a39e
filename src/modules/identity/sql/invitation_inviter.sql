SELECT u.id, u.role, u.status, u.name, u.hospital_id, u.doctor_id, u.phone, u.email, u.birth_on, u.sex
FROM identity_invitation i
JOIN identity_user u ON u.id = i.invited_by
WHERE i.id = $1
