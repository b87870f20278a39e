-- adds: counts the numbers that are given
INSERT INTO records_mrn (hospital_id, next_number) VALUES ($1, 2)
ON CONFLICT (hospital_id) DO UPDATE SET next_number = records_mrn.next_number + 1
RETURNING next_number - 1
