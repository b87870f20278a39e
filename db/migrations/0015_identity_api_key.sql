-- Keys of programs that people have written, and how much they used them.

-- key_hash: SHA-256 of 256 random bits; the key itself is shown once. prefix: how it begins, to tell keys apart.
-- scopes: the sum of 1 search (what anyone may read), 2 read, 4 write (what its owner may), 8 webhooks.
-- hospital_id: of the owner when it was made.
CREATE TABLE identity_api_key (
  id {id},
  owner_id {i64} NOT NULL REFERENCES identity_user (id),
  name {text} NOT NULL,
  prefix {text} NOT NULL,
  key_hash {text} NOT NULL UNIQUE,
  scopes {i64} NOT NULL CHECK (scopes BETWEEN 1 AND 15),
  hospital_id {i64} NOT NULL DEFAULT 0,
  per_minute {i64} NOT NULL CHECK (per_minute > 0),
  per_day {i64} NOT NULL CHECK (per_day > 0),
  created_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  revoked_at {i64},
  used_at {i64}
){strict};
CREATE INDEX identity_api_key_owner ON identity_api_key (owner_id);

CREATE TABLE identity_api_usage (
  key_id {i64} NOT NULL REFERENCES identity_api_key (id),
  used_on {text} NOT NULL,
  calls {i64} NOT NULL,
  refused {i64} NOT NULL,
  PRIMARY KEY (key_id, used_on)
){strict_without_rowid};
