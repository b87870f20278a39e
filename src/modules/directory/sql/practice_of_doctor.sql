SELECT p.doctor_id, p.hospital_id, p.department_id, p.fee_minor, p.currency, p.is_active
FROM directory_practice AS p
WHERE p.doctor_id = $1
ORDER BY p.hospital_id
