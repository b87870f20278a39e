INSERT INTO records_prescription_item (prescription_id, position, medicine, dose, frequency, duration_days, quantity,
  instructions)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
