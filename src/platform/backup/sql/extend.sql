UPDATE platform_backup SET claimed_until = $2 WHERE id = 1 AND claimed_by = $1
