-- Nothing changes when somebody else has changed the status meanwhile.
UPDATE identity_user
SET status = $3, doctor_id = $4, changed_at = $5
WHERE id = $1 AND status = $2
