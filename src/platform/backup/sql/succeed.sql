UPDATE platform_backup SET due_at = $2, claimed_by = '', claimed_until = 0, good_at = $3, good_name = $4, good_bytes = $5,
  failed_at = NULL, failed_why = NULL
WHERE id = 1 AND claimed_by = $1
