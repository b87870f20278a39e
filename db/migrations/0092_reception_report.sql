-- What others may read of arrivals: called_at is when the patient was first called in.
CREATE VIEW report_arrival AS
SELECT a.id, a.appointment_id, a.doctor_id, a.hospital_id, a.arrived_on, a.arrived_at,
  (SELECT min(s.called_at) FROM reception_summons s WHERE s.arrival_id = a.id) AS called_at
FROM reception_arrival a;
