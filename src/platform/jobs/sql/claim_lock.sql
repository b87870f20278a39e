-- Still ours? No row when the lease ran out and another worker claimed the job, or it is already done.
SELECT id FROM platform_job WHERE id = $1 AND attempts = $2 + 1 /*pg FOR UPDATE */
