INSERT INTO platform_audit_patient (patient_id, at, chain_id, number) VALUES ($1, $2, $3, $4)
ON CONFLICT (patient_id, at, chain_id, number) DO NOTHING
