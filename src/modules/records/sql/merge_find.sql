SELECT id, kept_id, merged_id, hospital_id, reason, merged_at, undone_at FROM records_merge WHERE id = $1
