SELECT 1 FROM platform_audit_patient WHERE patient_id = $1 AND at = $2 AND chain_id = $3 AND number = $4
