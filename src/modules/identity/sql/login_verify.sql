-- Nothing changes when it was verified before.
UPDATE identity_login SET verified_at = $2 WHERE login = $1 AND verified_at IS NULL
