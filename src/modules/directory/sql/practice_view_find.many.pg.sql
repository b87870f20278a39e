SELECT u.place, p.doctor_id, p.hospital_id, d.full_name, h.name, h.time_zone, p.fee_minor, p.currency,
       CASE WHEN p.is_active = 1 AND d.status = 'active' AND h.is_active = 1 THEN 1 ELSE 0 END
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS u (doctor_id, hospital_id, place)
JOIN directory_practice AS p ON p.doctor_id = u.doctor_id AND p.hospital_id = u.hospital_id
JOIN directory_doctor AS d ON d.id = p.doctor_id
JOIN directory_hospital AS h ON h.id = p.hospital_id
