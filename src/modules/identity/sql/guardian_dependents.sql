SELECT g.dependent_id
FROM identity_guardian g
JOIN identity_user u ON u.id = g.dependent_id
WHERE g.guardian_id = $1 AND g.ended_at IS NULL AND u.status <> 'disabled'
