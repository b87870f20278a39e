SELECT id, kept_id, merged_id, hospital_id, reason, merged_at, undone_at FROM records_merge
WHERE kept_id = $1 AND undone_at IS NULL ORDER BY merged_id
