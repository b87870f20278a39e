-- A backup that an administrator made by hand: good, and no reason to make the next one later.
UPDATE platform_backup SET good_at = $1, good_name = $2, good_bytes = $3 WHERE id = 1
