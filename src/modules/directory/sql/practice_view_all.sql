-- scan: read once at start, to fill memory
SELECT p.doctor_id, p.hospital_id, d.full_name, h.name, h.time_zone, p.fee_minor, p.currency,
       CASE WHEN p.is_active = 1 AND d.status = 'active' AND h.is_active = 1 THEN 1 ELSE 0 END
FROM directory_practice AS p
JOIN directory_doctor AS d ON d.id = p.doctor_id
JOIN directory_hospital AS h ON h.id = p.hospital_id
ORDER BY p.doctor_id, p.hospital_id
