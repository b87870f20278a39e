SELECT doctor_id, id, hospital_id, weekdays, starts_minute, ends_minute, slot_minutes, valid_from_on, valid_to_on
FROM booking_shift WHERE doctor_id = $1 ORDER BY id
