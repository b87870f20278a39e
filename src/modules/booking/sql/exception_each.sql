-- scan: start-up rebuilds every doctor's calendar
SELECT doctor_id, id, kind, hospital_id, exception_on, starts_minute, ends_minute, slot_minutes, reason
FROM booking_exception WHERE exception_on >= $1 ORDER BY exception_on, id
