INSERT INTO reporting_export_subject (export_id, patient_id) VALUES ($1, $2) ON CONFLICT (export_id, patient_id) DO NOTHING
