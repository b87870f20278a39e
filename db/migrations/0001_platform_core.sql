-- What the platform itself keeps: the event log, replies by idempotency key, jobs.

-- The outbox: appended in the transaction of the call that caused the event. Ids grow with time, so that old events
-- are the first by id; an index on the time would cost every booking a page.
CREATE TABLE platform_event (
  id {id},
  topic {text} NOT NULL,
  kind {text} NOT NULL,
  payload {text} NOT NULL,
  at {i64} NOT NULL
){strict};

-- The reply to the first request of a key; written with what the request did. Ids grow with time, so that the oldest
-- are the first. key_hash: 63 bits of the route and the key, so that the index, whose pages are touched in no order,
-- stays small.
CREATE TABLE platform_idempotency (
  id {id},
  caller {i64} NOT NULL,
  key_hash {i64} NOT NULL,
  fingerprint {text} NOT NULL,
  status {i64} NOT NULL,
  headers {text} NOT NULL,
  body {text} NOT NULL,
  at {i64} NOT NULL
){strict};
CREATE UNIQUE INDEX platform_idempotency_key ON platform_idempotency (caller, key_hash);

-- Work that waits for its time.
CREATE TABLE platform_job (
  id {id},
  kind {text} NOT NULL,
  due_at {i64} NOT NULL,
  payload {text} NOT NULL,
  attempts {i64} NOT NULL DEFAULT 0,
  last_error {text},
  created_at {i64} NOT NULL
){strict};
CREATE INDEX platform_job_due ON platform_job (due_at);
