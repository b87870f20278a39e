-- The same password under a better scheme; nothing when it was changed meanwhile.
UPDATE identity_password SET hash = $3 WHERE user_id = $1 AND hash = $2
