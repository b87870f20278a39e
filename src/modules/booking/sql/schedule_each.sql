-- scan: start-up rebuilds every doctor's calendar
SELECT doctor_id, minimum_notice_minutes, max_booking_days, version FROM booking_schedule
