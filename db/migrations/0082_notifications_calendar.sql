-- Private calendar addresses. An address is derived from the nonce, which is no use without the server's key; a new
-- nonce is a new address, and the old one is none any more.
CREATE TABLE notifications_calendar (
  person_id {i64} NOT NULL PRIMARY KEY,
  nonce {text} NOT NULL,
  created_at {i64} NOT NULL
){strict};
