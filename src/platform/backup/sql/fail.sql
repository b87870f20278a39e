UPDATE platform_backup SET due_at = $2, claimed_by = '', claimed_until = 0, failed_at = $3, failed_why = $4
WHERE id = 1 AND claimed_by = $1
