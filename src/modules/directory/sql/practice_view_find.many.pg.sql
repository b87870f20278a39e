-- LATERAL … OFFSET 0: each by its key.
SELECT u.place, s.*
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS u (doctor_id, hospital_id, place)
CROSS JOIN LATERAL (
  SELECT p.doctor_id, p.hospital_id, d.full_name, h.name, h.time_zone, p.fee_minor, p.currency,
         CASE WHEN p.is_active = 1 AND d.status = 'active' AND h.is_active = 1 THEN 1 ELSE 0 END
  FROM directory_practice AS p
  JOIN directory_doctor AS d ON d.id = p.doctor_id
  JOIN directory_hospital AS h ON h.id = p.hospital_id
  WHERE p.doctor_id = u.doctor_id AND p.hospital_id = u.hospital_id OFFSET 0
) AS s
