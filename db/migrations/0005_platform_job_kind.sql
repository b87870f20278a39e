-- A node claims only the kinds of jobs that it has handlers for: the earliest due of each kind is one index seek.
DROP INDEX platform_job_due;
CREATE INDEX platform_job_kind_due ON platform_job (kind, due_at, id);
