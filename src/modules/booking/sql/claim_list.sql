-- The status is looked up cell by cell, by the whole key: joined, a plan made while the tables were small would read all
-- that the doctor ever had.
SELECT c.cell, c.appointment_id,
  (SELECT a.status FROM booking_appointment a WHERE a.doctor_id = $1 AND a.id = c.appointment_id) AS status
FROM booking_slot_claim c WHERE c.doctor_id = $1 AND c.cell >= $2 AND c.cell < $3 ORDER BY c.cell
