-- Takes the earliest due jobs of a kind, $4 at most. Their due_at moves to the end of the lease ($3), so that a claim
-- whose worker dies runs again by itself; attempts is raised by one and fences the claim: whoever claims later has a
-- higher number.
UPDATE platform_job SET due_at = $3, attempts = attempts + 1
WHERE id IN (
  SELECT id FROM platform_job WHERE kind = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $4 /*pg FOR UPDATE SKIP LOCKED */)
RETURNING id, kind, payload, attempts - 1, trace
