-- No row when the visit has its review already.
INSERT INTO reviews_review (appointment_id, doctor_id, hospital_id, patient_id, author, rating, words, visited_at,
  created_at, is_hidden, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 1)
ON CONFLICT (appointment_id) DO NOTHING
RETURNING id
