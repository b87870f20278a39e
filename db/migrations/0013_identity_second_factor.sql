-- Second factors of time (RFC 6238), their recovery codes, and what tells sessions apart.

-- sealed: the secret, encrypted by a key outside the database, for this user only. last_step: of the last code that was
-- taken; none is taken twice. failures: wrong codes since the last right one, counted before they are judged.
CREATE TABLE identity_totp (
  user_id {i64} NOT NULL PRIMARY KEY REFERENCES identity_user (id),
  sealed {text} NOT NULL,
  created_at {i64} NOT NULL,
  confirmed_at {i64},
  last_step {i64} NOT NULL DEFAULT 0,
  failures {i64} NOT NULL DEFAULT 0,
  tried_at {i64} NOT NULL DEFAULT 0
){strict};

CREATE TABLE identity_recovery_code (
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  code_hash {text} NOT NULL,
  used_at {i64},
  PRIMARY KEY (user_id, code_hash)
){strict_without_rowid};

-- What the program called itself that logged in.
ALTER TABLE identity_session ADD COLUMN agent {text};

-- A link to choose a new password is derived from its row. login_key: a keyed hash of what was typed; user_id is empty
-- where nobody has it.
CREATE TABLE identity_reset (
  id {id},
  login_key {text} NOT NULL,
  user_id {i64} REFERENCES identity_user (id),
  nonce {text} NOT NULL,
  created_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  used_at {i64}
){strict};
CREATE INDEX identity_reset_login ON identity_reset (login_key, created_at);
CREATE INDEX identity_reset_user ON identity_reset (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX identity_reset_created ON identity_reset (created_at);
