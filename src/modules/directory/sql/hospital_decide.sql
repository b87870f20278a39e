UPDATE directory_hospital
SET approval = $2, is_active = $3, version = version + 1
WHERE id = $1 AND approval = 'pending'
