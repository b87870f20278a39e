SELECT patient_id FROM reporting_export_subject WHERE export_id = $1 ORDER BY patient_id
