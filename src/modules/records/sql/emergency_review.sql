UPDATE records_emergency_access SET reviewed_at = $2, reviewed_by = $3, is_justified = $4, review_note = $5 WHERE id = $1
