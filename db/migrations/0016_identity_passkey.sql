-- Passkeys: public keys of people's devices, by which they sign in without a password.

-- credential_id, public_key (COSE), user_handle: base64url. sign_count: as the device last counted; 0 if it does not.
-- is_synced: the device may copy it to the owner's others.
CREATE TABLE identity_passkey (
  id {id},
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  name {text} NOT NULL,
  credential_id {text} NOT NULL UNIQUE,
  public_key {text} NOT NULL,
  user_handle {text} NOT NULL,
  sign_count {i64} NOT NULL,
  is_synced {i64} NOT NULL CHECK (is_synced IN (0, 1)),
  created_at {i64} NOT NULL,
  used_at {i64}
){strict};
CREATE INDEX identity_passkey_user ON identity_passkey (user_id);

-- Challenges that were answered, until they are too old to be answered again. They are derived, not stored, before.
CREATE TABLE identity_passkey_answer (
  challenge_hash {text} NOT NULL PRIMARY KEY,
  expires_at {i64} NOT NULL
){strict_without_rowid};
CREATE INDEX identity_passkey_answer_expires ON identity_passkey_answer (expires_at);
