-- What went wrong on the server's side, for the operator; and to which trace a job belongs.

-- What is alike within an hour at one node is one row. '' where there is no such text.
CREATE TABLE platform_error (
  id {id},
  node {text} NOT NULL,
  hour_at {i64} NOT NULL,
  message {text} NOT NULL,
  operation {text} NOT NULL,
  code {text} NOT NULL,
  reason {text} NOT NULL,
  trace_id {text} NOT NULL,
  first_at {i64} NOT NULL,
  last_at {i64} NOT NULL,
  repeats {i64} NOT NULL
){strict};
CREATE UNIQUE INDEX platform_error_alike ON platform_error (hour_at, node, message, operation, code, reason);

-- The W3C traceparent of the request that asked for the job; '' for one that nobody asked for.
ALTER TABLE platform_job ADD COLUMN trace {text} NOT NULL DEFAULT '';
