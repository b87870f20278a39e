-- Into whom the patient is merged.
SELECT id, kept_id, merged_id, hospital_id, reason, merged_at, undone_at FROM records_merge
WHERE merged_id = $1 AND undone_at IS NULL
