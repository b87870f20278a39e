-- scan: fairward check reads everything
SELECT DISTINCT hospital_id FROM booking_appointment ORDER BY hospital_id
