-- scan: a safety net that runs every few seconds over the partial index of pending holds
SELECT DISTINCT doctor_id FROM booking_appointment WHERE status = 'pending' AND lapses_at <= $1
