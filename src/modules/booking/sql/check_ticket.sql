-- scan: fairward check reads everything
SELECT w.id FROM booking_wait w JOIN booking_doctor_queue q ON q.doctor_id = w.doctor_id
WHERE w.ticket < 1 OR w.ticket >= q.next_ticket
