-- One node makes a backup that is due: whose update changes the row. A claim that ran out is nobody's.
UPDATE platform_backup SET claimed_by = $1, claimed_until = $2 WHERE id = 1 AND due_at <= $3 AND claimed_until <= $3
