INSERT INTO directory_hospital_application (hospital_id, contact_name, contact_email, language, applied_at)
VALUES ($1, $2, $3, $4, $5)
