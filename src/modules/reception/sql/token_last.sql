SELECT max(token) FROM reception_arrival WHERE doctor_id = $1 AND hospital_id = $2 AND arrived_on = $3
