-- No row when it is merged already.
INSERT INTO records_merge (kept_id, merged_id, hospital_id, reason, merged_at, merged_by)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (merged_id) WHERE undone_at IS NULL DO NOTHING
RETURNING id
