-- One-time codes for phones. A code is not stored: it is derived from the row and a key outside the database.

-- request_hash: of the secret that only who asked has. sent_from: a keyed hash of the address that asked.
CREATE TABLE identity_code (
  id {id},
  phone {text} NOT NULL,
  nonce {text} NOT NULL,
  request_hash {text} NOT NULL,
  sent_from {text} NOT NULL,
  tries {i64} NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
  created_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  used_at {i64}
){strict};
CREATE INDEX identity_code_phone ON identity_code (phone, created_at);
CREATE INDEX identity_code_sent_from ON identity_code (sent_from, created_at);
CREATE INDEX identity_code_created ON identity_code (created_at);

-- What is counted before it is written is counted by one at a time: who counts locks the row of that name.
CREATE TABLE identity_turn (
  name {text} NOT NULL PRIMARY KEY,
  taken {i64} NOT NULL
){strict_without_rowid};
INSERT INTO identity_turn (name, taken) VALUES ('code', 0);

-- Who has this login has proven it since.
ALTER TABLE identity_login ADD COLUMN verified_at {i64};
