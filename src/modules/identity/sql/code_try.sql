-- Of those that come at once each takes a try of its own, or finds none left.
UPDATE identity_code SET tries = tries + 1
WHERE id = $1 AND request_hash = $2 AND tries < $3 AND expires_at > $4 AND used_at IS NULL
RETURNING phone, nonce, tries
