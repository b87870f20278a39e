SELECT COUNT(*) FROM directory_hospital_application WHERE decided_at IS NULL
