SELECT medicine, dose, frequency, duration_days, quantity FROM report_medicine WHERE visit_id = $1
ORDER BY prescription_id, position
