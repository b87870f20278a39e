-- People, their logins and passwords, sessions and refresh tokens.

-- A person, with or without a login. Id 0 in hospital_id and doctor_id is "none": both belong to modules downstream.
-- name_key: the name as it is searched, lower-case.
-- hospital_id: of staff, where they work; of a patient, whose staff added the person; of a pending doctor, asked for.
CREATE TABLE identity_user (
  id {id},
  role {text} NOT NULL CHECK (role IN ('patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin')),
  status {text} NOT NULL CHECK (status IN ('active', 'pending', 'disabled')),
  name {text} NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  name_key {text} NOT NULL,
  hospital_id {i64} NOT NULL DEFAULT 0,
  doctor_id {i64} NOT NULL DEFAULT 0,
  phone {text},
  email {text},
  birth_on {text},
  sex {text} CHECK (sex IN ('female', 'male', 'other', 'unknown')),
  added_by {i64} REFERENCES identity_user (id),
  created_at {i64} NOT NULL,
  changed_at {i64} NOT NULL,
  CHECK (role NOT IN ('front_desk', 'ward_admin', 'hospital_admin') OR hospital_id <> 0),
  CHECK (role = 'doctor' OR doctor_id = 0)
){strict};
-- One login speaks for a doctor.
CREATE UNIQUE INDEX identity_user_doctor ON identity_user (doctor_id) WHERE doctor_id <> 0;
CREATE INDEX identity_user_patient ON identity_user (hospital_id, id) WHERE role = 'patient';
CREATE INDEX identity_user_staff ON identity_user (hospital_id, id) WHERE role <> 'patient';
CREATE INDEX identity_user_phone ON identity_user (phone) WHERE phone IS NOT NULL;
CREATE INDEX identity_user_added_by ON identity_user (added_by) WHERE added_by IS NOT NULL;

-- What a person may type to log in, normalised; one name space for the three kinds, told apart by their form.
CREATE TABLE identity_login (
  login {text} NOT NULL PRIMARY KEY,
  kind {text} NOT NULL CHECK (kind IN ('phone', 'email', 'logon_id')),
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  created_at {i64} NOT NULL
){strict_without_rowid};
CREATE INDEX identity_login_user ON identity_login (user_id);

CREATE TABLE identity_password (
  user_id {i64} NOT NULL PRIMARY KEY REFERENCES identity_user (id),
  hash {text} NOT NULL,
  changed_at {i64} NOT NULL
){strict};

-- A login that lasts: of a browser (cookie) or of an API client (token, a family of refresh tokens).
CREATE TABLE identity_session (
  id {id},
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  kind {text} NOT NULL CHECK (kind IN ('cookie', 'token')),
  token_hash {text} UNIQUE,
  created_at {i64} NOT NULL,
  seen_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  revoked_at {i64},
  CHECK ((kind = 'cookie') = (token_hash IS NOT NULL))
){strict};
CREATE INDEX identity_session_user ON identity_session (user_id);
CREATE INDEX identity_session_expires ON identity_session (expires_at);

-- Each is used once; using it again means that someone else has a copy.
CREATE TABLE identity_refresh_token (
  token_hash {text} NOT NULL PRIMARY KEY,
  session_id {i64} NOT NULL REFERENCES identity_session (id),
  expires_at {i64} NOT NULL,
  used_at {i64}
){strict_without_rowid};
CREATE INDEX identity_refresh_token_session ON identity_refresh_token (session_id);
