-- LATERAL … OFFSET 0: each call's cells by the key. Joined, a plan made while the table was small would read it in whole.
SELECT u.place, s.cell, s.appointment_id,
  (SELECT a.status FROM booking_appointment a WHERE a.doctor_id = u.doctor_id AND a.id = s.appointment_id) AS status
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u (doctor_id, first, last, place)
CROSS JOIN LATERAL (
  SELECT c.cell, c.appointment_id FROM booking_slot_claim c
  WHERE c.doctor_id = u.doctor_id AND c.cell >= u.first AND c.cell < u.last ORDER BY c.cell OFFSET 0
) AS s
ORDER BY u.place, s.cell
