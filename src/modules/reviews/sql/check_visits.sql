-- scan: fairward check reads everything
SELECT appointment_id FROM reviews_review ORDER BY appointment_id
