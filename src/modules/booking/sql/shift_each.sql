-- scan: start-up rebuilds every doctor's calendar
SELECT doctor_id, id, hospital_id, weekdays, starts_minute, ends_minute, slot_minutes, valid_from_on, valid_to_on
FROM booking_shift ORDER BY id
