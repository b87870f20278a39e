SELECT i.prescription_id, i.medicine, i.dose, i.frequency, i.duration_days, i.quantity, i.instructions
FROM records_prescription p JOIN records_prescription_item i ON i.prescription_id = p.id
WHERE p.visit_id = $1 ORDER BY i.prescription_id, i.position
