-- scan: fairward check reads everything
SELECT appointment_id FROM records_visit WHERE closed_at IS NOT NULL ORDER BY appointment_id
