-- scan: fairward check reads everything
SELECT s.doctor_id FROM booking_schedule s LEFT JOIN booking_doctor_queue q ON q.doctor_id = s.doctor_id
WHERE q.doctor_id IS NULL OR q.schedule_version <> s.version
