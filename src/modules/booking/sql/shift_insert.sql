INSERT INTO booking_shift (doctor_id, hospital_id, weekdays, starts_minute, ends_minute, slot_minutes, valid_from_on, valid_to_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
