-- scan: fairward check reads everything
SELECT g.id FROM identity_guardian g
JOIN identity_user a ON a.id = g.guardian_id
JOIN identity_user d ON d.id = g.dependent_id
WHERE g.ended_at IS NULL AND (a.role <> 'patient' OR d.role <> 'patient')
