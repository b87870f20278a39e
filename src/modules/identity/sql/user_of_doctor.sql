SELECT id FROM identity_user WHERE doctor_id = $1 AND doctor_id <> 0
