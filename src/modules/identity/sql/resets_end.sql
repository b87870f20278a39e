-- Links that were sent before the password was changed choose no other.
UPDATE identity_reset SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL
