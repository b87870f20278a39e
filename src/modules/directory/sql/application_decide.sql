UPDATE directory_hospital_application
SET decided_at = $2, decided_by = $3, reason = $4, is_invited = $5
WHERE hospital_id = $1
