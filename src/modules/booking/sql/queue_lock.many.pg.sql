-- The rows are locked in the order of the doctors: every transaction begins so, and none waits for one that waits for it.
SELECT u.place, q.next_ticket, q.waiting, q.schedule_version
FROM unnest($1::bigint[]) WITH ORDINALITY AS u (doctor_id, place)
JOIN booking_doctor_queue q ON q.doctor_id = u.doctor_id
ORDER BY q.doctor_id
FOR UPDATE OF q
