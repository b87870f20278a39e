SELECT a.id, a.appointment_id, a.doctor_id, a.hospital_id, a.patient_id, a.arrived_on, a.token, a.arrived_at, a.due_at, a.made_by,
  s.called_at, s.room
FROM reception_arrival a
LEFT JOIN reception_summons s ON s.id = (SELECT max(last.id) FROM reception_summons last WHERE last.arrival_id = a.id)
WHERE a.doctor_id = $1 AND a.hospital_id = $2 AND a.arrived_on = $3
ORDER BY a.due_at, a.token
