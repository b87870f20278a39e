-- Developers' addresses that are called when something happens, and each call with its tries.

-- hospital_id 0: of every hospital. kinds: with commas between; empty is all. The secret that calls are signed with is
-- derived from the nonce, which is no use without the server's key; the old one is good until old_until.
CREATE TABLE notifications_endpoint (
  id {id},
  hospital_id {i64} NOT NULL,
  made_by {i64} NOT NULL,
  url {text} NOT NULL,
  kinds {text} NOT NULL,
  nonce {text} NOT NULL,
  old_nonce {text},
  old_until {i64},
  is_active {i64} NOT NULL CHECK (is_active IN (0, 1)),
  stopped_why {text},
  created_at {i64} NOT NULL
){strict};
CREATE INDEX notifications_endpoint_hospital ON notifications_endpoint (hospital_id, id);

-- event: the deed, so that an address is told once of each.
CREATE TABLE notifications_call (
  id {id},
  endpoint_id {i64} NOT NULL REFERENCES notifications_endpoint (id),
  event {text} NOT NULL,
  kind {text} NOT NULL,
  body {text} NOT NULL,
  status {text} NOT NULL CHECK (status IN ('waiting', 'sent', 'failed', 'dropped')),
  attempts {i64} NOT NULL,
  http_status {i64},
  error {text},
  created_at {i64} NOT NULL,
  due_at {i64} NOT NULL,
  ended_at {i64},
  CHECK ((status = 'waiting') = (ended_at IS NULL)),
  UNIQUE (endpoint_id, event)
){strict};
CREATE INDEX notifications_call_endpoint ON notifications_call (endpoint_id, id);
CREATE INDEX notifications_call_created ON notifications_call (created_at);
