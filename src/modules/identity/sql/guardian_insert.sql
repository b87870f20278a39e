INSERT INTO identity_guardian (guardian_id, dependent_id, relation, created_at)
VALUES ($1, $2, $3, $4)
