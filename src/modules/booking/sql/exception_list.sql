SELECT doctor_id, id, kind, hospital_id, exception_on, starts_minute, ends_minute, slot_minutes, reason
FROM booking_exception WHERE doctor_id = $1 AND exception_on >= $2 ORDER BY exception_on, id
