-- The last word of each doctor.
SELECT d.doctor_id, d.minutes FROM reception_delay d
WHERE d.hospital_id = $1 AND d.delayed_on = $2
  AND d.id = (SELECT max(last.id) FROM reception_delay last
              WHERE last.hospital_id = $1 AND last.delayed_on = $2 AND last.doctor_id = d.doctor_id)
