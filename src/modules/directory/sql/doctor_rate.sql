UPDATE directory_doctor
SET rating_sum = rating_sum + $2, rating_count = rating_count + $3, version = version + 1
WHERE id = $1
