-- Reschedules a claim that ended in an exception, unless another worker has claimed the job since.
UPDATE platform_job SET due_at = $3, last_error = $4 WHERE id = $1 AND attempts = $2 + 1
