-- scan: read once at start, to fill memory
SELECT p.doctor_id, p.hospital_id, p.department_id, p.fee_minor, p.currency, p.is_active
FROM directory_practice AS p
ORDER BY p.doctor_id, p.hospital_id
