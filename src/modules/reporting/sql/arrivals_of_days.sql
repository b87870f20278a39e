SELECT arrived_on, arrived_at, called_at FROM report_arrival WHERE hospital_id = $1 AND arrived_on >= $2 AND arrived_on < $3
