-- scan: fairward check reads everything
SELECT DISTINCT patient_id FROM booking_appointment ORDER BY patient_id
