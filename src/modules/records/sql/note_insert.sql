-- No row when somebody has written this version already.
INSERT INTO records_note (visit_id, number, supersedes, reason, written_at, written_by, complaint, history, examination, notes,
  advice, temperature_c, pulse, systolic, diastolic, respiration, saturation, weight_kg, height_cm, follow_up_on,
  follow_up_note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
ON CONFLICT (visit_id, number) DO NOTHING
RETURNING id
