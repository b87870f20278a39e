SELECT p.doctor_id, p.hospital_id, d.full_name, h.name, h.time_zone, p.fee_minor, p.currency,
       CASE WHEN p.is_active = 1 AND d.status = 'active' AND h.is_active = 1 THEN 1 ELSE 0 END
FROM directory_practice AS p
JOIN directory_doctor AS d ON d.id = p.doctor_id
JOIN directory_hospital AS h ON h.id = p.hospital_id
WHERE p.doctor_id = $1
ORDER BY p.hospital_id
