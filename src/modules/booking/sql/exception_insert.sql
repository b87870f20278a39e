INSERT INTO booking_exception (doctor_id, kind, hospital_id, exception_on, starts_minute, ends_minute, slot_minutes, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
