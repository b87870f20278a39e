INSERT INTO directory_practice (doctor_id, hospital_id, department_id, fee_minor, currency, is_active)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (doctor_id, hospital_id) DO UPDATE
SET department_id = excluded.department_id, fee_minor = excluded.fee_minor, currency = excluded.currency, is_active = excluded.is_active
