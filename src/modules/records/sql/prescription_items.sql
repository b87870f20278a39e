SELECT prescription_id, medicine, dose, frequency, duration_days, quantity, instructions
FROM records_prescription_item WHERE prescription_id = $1 ORDER BY position
