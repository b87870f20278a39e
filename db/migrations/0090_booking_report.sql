-- What others may read of bookings. report_visit: every appointment that was booked, whatever became of it; a hold that
-- ended unpaid was none: it went from version 1, pending, to version 2 by one step.
CREATE VIEW report_visit AS
SELECT id, doctor_id, hospital_id, patient_id, status, starts_at, ends_at, fee_minor, currency, created_at
FROM booking_appointment
WHERE status <> 'pending' AND status <> 'expired' AND (status <> 'cancelled' OR expires_at IS NULL OR version > 2);

CREATE VIEW report_hold AS
SELECT id, doctor_id, hospital_id, lapses_at FROM booking_appointment WHERE status = 'pending';

CREATE VIEW report_wait AS
SELECT id, doctor_id, hospital_id, expires_at FROM booking_wait WHERE status = 'waiting';
