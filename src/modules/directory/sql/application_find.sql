SELECT hospital_id, contact_name, contact_email, language, applied_at, decided_at, reason, is_invited
FROM directory_hospital_application
WHERE hospital_id = $1
