SELECT id, appointment_id, doctor_id, hospital_id, patient_id, author, rating, words, visited_at, created_at, changed_at,
  is_hidden, hidden_reason, version
FROM reviews_review WHERE patient_id = $1 AND id < $2
ORDER BY id DESC LIMIT $3
