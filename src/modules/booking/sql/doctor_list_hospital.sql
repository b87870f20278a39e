-- scan: a hospital closes or opens a few times in its life
SELECT doctor_id FROM booking_shift WHERE hospital_id = $1
UNION SELECT doctor_id FROM booking_exception WHERE hospital_id = $1
