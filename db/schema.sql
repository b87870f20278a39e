-- The schema on SQLite: the sum of db/migrations. Written by FAIRWARD_UPDATE=1 fairward_platform_sql_test.

CREATE TABLE platform_migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE platform_event (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  at INTEGER NOT NULL
, node INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE TABLE platform_idempotency (
  id INTEGER PRIMARY KEY,
  caller INTEGER NOT NULL,
  key_hash INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX platform_idempotency_key ON platform_idempotency (caller, key_hash);

CREATE TABLE platform_job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT,
  created_at INTEGER NOT NULL
, trace TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX platform_job_kind_due ON platform_job (kind, due_at, id);

CREATE TABLE platform_backup (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  due_at INTEGER NOT NULL,
  claimed_by TEXT NOT NULL,
  claimed_until INTEGER NOT NULL,
  good_at INTEGER,
  good_name TEXT,
  good_bytes INTEGER,
  failed_at INTEGER,
  failed_why TEXT
) STRICT;

CREATE TABLE platform_node (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE platform_lease (
  part INTEGER NOT NULL PRIMARY KEY,
  node INTEGER NOT NULL DEFAULT 0,
  until_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE platform_error (
  id INTEGER PRIMARY KEY,
  node TEXT NOT NULL,
  hour_at INTEGER NOT NULL,
  message TEXT NOT NULL,
  operation TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  repeats INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX platform_error_alike ON platform_error (hour_at, node, message, operation, code, reason);

CREATE TABLE platform_audit_chain (
  id INTEGER PRIMARY KEY,
  node INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  noted_number INTEGER NOT NULL DEFAULT 0 -- how far another block says of this chain where it ended
, is_indexed INTEGER NOT NULL DEFAULT 0 CHECK (is_indexed IN (0, 1)), is_marked INTEGER NOT NULL DEFAULT 0 CHECK (is_marked IN (0, 1))) STRICT;

CREATE TABLE platform_audit_block (
  chain_id INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  at INTEGER NOT NULL,
  entries TEXT NOT NULL,
  seal TEXT NOT NULL,
  PRIMARY KEY (chain_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX platform_audit_block_at ON platform_audit_block (at, chain_id, number);

CREATE TRIGGER platform_audit_block_stays BEFORE UPDATE ON platform_audit_block
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;

CREATE TRIGGER platform_audit_block_remains BEFORE DELETE ON platform_audit_block
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;

CREATE TABLE identity_user (
  id INTEGER PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin')),
  status TEXT NOT NULL CHECK (status IN ('active', 'pending', 'disabled')),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  name_key TEXT NOT NULL,
  hospital_id INTEGER NOT NULL DEFAULT 0,
  doctor_id INTEGER NOT NULL DEFAULT 0,
  phone TEXT,
  email TEXT,
  birth_on TEXT,
  sex TEXT CHECK (sex IN ('female', 'male', 'other', 'unknown')),
  added_by INTEGER REFERENCES identity_user (id),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK (role NOT IN ('front_desk', 'ward_admin', 'hospital_admin') OR hospital_id <> 0),
  CHECK (role = 'doctor' OR doctor_id = 0)
) STRICT;

CREATE UNIQUE INDEX identity_user_doctor ON identity_user (doctor_id) WHERE doctor_id <> 0;

CREATE INDEX identity_user_patient ON identity_user (hospital_id, id) WHERE role = 'patient';

CREATE INDEX identity_user_staff ON identity_user (hospital_id, id) WHERE role <> 'patient';

CREATE INDEX identity_user_phone ON identity_user (phone) WHERE phone IS NOT NULL;

CREATE INDEX identity_user_added_by ON identity_user (added_by) WHERE added_by IS NOT NULL;

CREATE TABLE identity_login (
  login TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('phone', 'email', 'logon_id')),
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  created_at INTEGER NOT NULL
, verified_at INTEGER) STRICT, WITHOUT ROWID;

CREATE INDEX identity_login_user ON identity_login (user_id);

CREATE TABLE identity_password (
  user_id INTEGER NOT NULL PRIMARY KEY REFERENCES identity_user (id),
  hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE identity_session (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  kind TEXT NOT NULL CHECK (kind IN ('cookie', 'token')),
  token_hash TEXT UNIQUE,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER, agent TEXT,
  CHECK ((kind = 'cookie') = (token_hash IS NOT NULL))
) STRICT;

CREATE INDEX identity_session_user ON identity_session (user_id);

CREATE INDEX identity_session_expires ON identity_session (expires_at);

CREATE TABLE identity_refresh_token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES identity_session (id),
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_refresh_token_session ON identity_refresh_token (session_id);

CREATE TABLE identity_code (
  id INTEGER PRIMARY KEY,
  phone TEXT NOT NULL,
  nonce TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  sent_from TEXT NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX identity_code_phone ON identity_code (phone, created_at);

CREATE INDEX identity_code_sent_from ON identity_code (sent_from, created_at);

CREATE INDEX identity_code_created ON identity_code (created_at);

CREATE TABLE identity_turn (
  name TEXT NOT NULL PRIMARY KEY,
  taken INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_guardian (
  id INTEGER PRIMARY KEY,
  guardian_id INTEGER NOT NULL REFERENCES identity_user (id),
  dependent_id INTEGER NOT NULL REFERENCES identity_user (id),
  relation TEXT NOT NULL CHECK (relation IN ('child', 'parent', 'spouse', 'sibling', 'other')),
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK (guardian_id <> dependent_id)
) STRICT;

CREATE UNIQUE INDEX identity_guardian_one ON identity_guardian (guardian_id, dependent_id) WHERE ended_at IS NULL;

CREATE INDEX identity_guardian_dependent ON identity_guardian (dependent_id);

CREATE INDEX identity_guardian_guardian ON identity_guardian (guardian_id);

CREATE TABLE identity_totp (
  user_id INTEGER NOT NULL PRIMARY KEY REFERENCES identity_user (id),
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  tried_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE identity_recovery_code (
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  code_hash TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_reset (
  id INTEGER PRIMARY KEY,
  login_key TEXT NOT NULL,
  user_id INTEGER REFERENCES identity_user (id),
  nonce TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX identity_reset_login ON identity_reset (login_key, created_at);

CREATE INDEX identity_reset_user ON identity_reset (user_id) WHERE user_id IS NOT NULL;

CREATE INDEX identity_reset_created ON identity_reset (created_at);

CREATE TABLE identity_invitation (
  id INTEGER PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin')),
  name TEXT NOT NULL,
  login TEXT NOT NULL,
  hospital_id INTEGER NOT NULL DEFAULT 0,
  doctor_id INTEGER NOT NULL DEFAULT 0,
  nonce TEXT NOT NULL,
  invited_by INTEGER NOT NULL REFERENCES identity_user (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  accepted_at INTEGER,
  withdrawn_at INTEGER,
  user_id INTEGER REFERENCES identity_user (id)
) STRICT;

CREATE INDEX identity_invitation_hospital ON identity_invitation (hospital_id, id);

CREATE INDEX identity_invitation_invited_by ON identity_invitation (invited_by);

CREATE INDEX identity_invitation_user ON identity_invitation (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE identity_api_key (
  id INTEGER PRIMARY KEY,
  owner_id INTEGER NOT NULL REFERENCES identity_user (id),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  scopes INTEGER NOT NULL CHECK (scopes BETWEEN 1 AND 15),
  hospital_id INTEGER NOT NULL DEFAULT 0,
  per_minute INTEGER NOT NULL CHECK (per_minute > 0),
  per_day INTEGER NOT NULL CHECK (per_day > 0),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  used_at INTEGER
) STRICT;

CREATE INDEX identity_api_key_owner ON identity_api_key (owner_id);

CREATE TABLE identity_api_usage (
  key_id INTEGER NOT NULL REFERENCES identity_api_key (id),
  used_on TEXT NOT NULL,
  calls INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  PRIMARY KEY (key_id, used_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE identity_passkey (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  name TEXT NOT NULL,
  credential_id TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  user_handle TEXT NOT NULL,
  sign_count INTEGER NOT NULL,
  is_synced INTEGER NOT NULL CHECK (is_synced IN (0, 1)),
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX identity_passkey_user ON identity_passkey (user_id);

CREATE TABLE identity_passkey_answer (
  challenge_hash TEXT NOT NULL PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_passkey_answer_expires ON identity_passkey_answer (expires_at);

CREATE TABLE identity_word (
  hospital_id INTEGER NOT NULL,
  word TEXT /*pg COLLATE "C" */ NOT NULL,
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  PRIMARY KEY (hospital_id, word, user_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX identity_word_word ON identity_word (word, user_id);

CREATE INDEX identity_user_inactive ON identity_user (status, id) WHERE status <> 'active';

CREATE TABLE directory_city (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT '',
  state_key TEXT NOT NULL DEFAULT '',
  UNIQUE (name_key, state_key)
) STRICT;

CREATE TABLE directory_speciality (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE directory_hospital (
  id INTEGER PRIMARY KEY,
  city_id INTEGER NOT NULL REFERENCES directory_city (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  address TEXT,
  postal_code TEXT,
  latitude REAL,
  longitude REAL,
  time_zone TEXT NOT NULL,
  phone TEXT,
  source TEXT NOT NULL,
  source_key TEXT,
  is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1, is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)), approval TEXT NOT NULL DEFAULT 'approved' CHECK (approval IN ('approved', 'pending', 'refused')),
  UNIQUE (source, source_key),
  CHECK ((latitude IS NULL AND longitude IS NULL)
      OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180))
) STRICT;

CREATE INDEX directory_hospital_by_city ON directory_hospital (city_id);

CREATE INDEX directory_hospital_by_name ON directory_hospital (name_key);

CREATE INDEX directory_hospital_by_postal_code ON directory_hospital (postal_code);

CREATE TABLE directory_department (
  id INTEGER PRIMARY KEY,
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  UNIQUE (hospital_id, name_key)
) STRICT;

CREATE TABLE directory_doctor (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL DEFAULT '',
  given_name TEXT NOT NULL,
  family_name TEXT NOT NULL DEFAULT '',
  full_name TEXT NOT NULL,
  speciality_id INTEGER NOT NULL REFERENCES directory_speciality (id),
  qualification TEXT NOT NULL DEFAULT '',
  practising_since INTEGER,
  languages TEXT NOT NULL DEFAULT '',
  bio TEXT NOT NULL DEFAULT '',
  image_url TEXT,
  telephone TEXT,
  email TEXT,
  rating_sum INTEGER NOT NULL DEFAULT 0,
  rating_count INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL CHECK (status IN ('active', 'pending', 'closed')),
  is_demo INTEGER NOT NULL DEFAULT 0 CHECK (is_demo IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1,
  CHECK (rating_count >= 0 AND rating_sum BETWEEN rating_count AND rating_count * 5)
) STRICT;

CREATE INDEX directory_doctor_by_speciality ON directory_doctor (speciality_id);

CREATE TABLE directory_practice (
  id INTEGER PRIMARY KEY,
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  department_id INTEGER REFERENCES directory_department (id),
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
  UNIQUE (doctor_id, hospital_id)
) STRICT;

CREATE INDEX directory_practice_by_hospital ON directory_practice (hospital_id);

CREATE INDEX directory_practice_by_department ON directory_practice (department_id);

CREATE TABLE directory_postal_code (
  code TEXT NOT NULL PRIMARY KEY,
  latitude REAL,
  longitude REAL,
  city TEXT,
  state TEXT,
  CHECK ((latitude IS NULL AND longitude IS NULL)
      OR (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180))
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_hospital_application (
  hospital_id INTEGER PRIMARY KEY REFERENCES directory_hospital (id),
  contact_name TEXT NOT NULL,
  contact_email TEXT NOT NULL,
  language TEXT NOT NULL,
  applied_at INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by INTEGER,
  reason TEXT,
  is_invited INTEGER NOT NULL DEFAULT 0 CHECK (is_invited IN (0, 1))
) STRICT;

CREATE INDEX directory_hospital_application_pending ON directory_hospital_application (applied_at) WHERE decided_at IS NULL;

CREATE TABLE billing_payment (
  id INTEGER PRIMARY KEY,
  payable_kind TEXT NOT NULL,
  payable_id INTEGER NOT NULL,
  payer_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER,
  status TEXT NOT NULL CHECK (status = 'requested' OR status = 'captured' OR status = 'settled'
    OR status = 'failed' OR status = 'refund_due' OR status = 'refunded'),
  method TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  gateway_reference TEXT NOT NULL UNIQUE,
  gateway_id TEXT NOT NULL DEFAULT '',
  sandbox_outcome TEXT NOT NULL DEFAULT '',
  expires_at INTEGER NOT NULL,
  requested_at INTEGER NOT NULL,
  answered_at INTEGER,
  captured_at INTEGER,
  refunded_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  CHECK ((status = 'captured' OR status = 'settled' OR status = 'refund_due' OR status = 'refunded')
    = (captured_at IS NOT NULL)),
  CHECK ((status = 'refunded') = (refunded_at IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX billing_payment_one ON billing_payment (payable_kind, payable_id)
  WHERE status = 'requested' OR status = 'captured' OR status = 'settled';

CREATE INDEX billing_payment_payable ON billing_payment (payable_kind, payable_id, id);

CREATE INDEX billing_payment_unsettled ON billing_payment (captured_at) WHERE status IN ('captured', 'refund_due');

CREATE TABLE billing_gateway_message (
  webhook_id TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX billing_gateway_message_at ON billing_gateway_message (at);

CREATE TABLE booking_schedule (
  doctor_id INTEGER NOT NULL PRIMARY KEY REFERENCES directory_doctor (id),
  minimum_notice_minutes INTEGER NOT NULL CHECK (minimum_notice_minutes >= 0),
  max_booking_days INTEGER NOT NULL CHECK (max_booking_days BETWEEN 1 AND 400),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE booking_shift (
  id INTEGER PRIMARY KEY,
  doctor_id INTEGER NOT NULL REFERENCES booking_schedule (doctor_id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  weekdays INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
  starts_minute INTEGER NOT NULL CHECK (starts_minute BETWEEN 0 AND 1435 AND starts_minute % 5 = 0),
  ends_minute INTEGER NOT NULL CHECK (ends_minute > starts_minute AND ends_minute <= 1440 AND ends_minute % 5 = 0),
  slot_minutes INTEGER NOT NULL CHECK (slot_minutes BETWEEN 5 AND 240 AND slot_minutes % 5 = 0),
  valid_from_on TEXT,
  valid_to_on TEXT
) STRICT;

CREATE INDEX booking_shift_doctor ON booking_shift (doctor_id);

CREATE TABLE booking_exception (
  id INTEGER PRIMARY KEY,
  doctor_id INTEGER NOT NULL REFERENCES booking_schedule (doctor_id),
  kind TEXT NOT NULL CHECK (kind IN ('leave', 'holiday', 'extra')),
  hospital_id INTEGER REFERENCES directory_hospital (id),
  exception_on TEXT NOT NULL,
  starts_minute INTEGER CHECK (starts_minute % 5 = 0),
  ends_minute INTEGER CHECK (ends_minute > starts_minute AND ends_minute % 5 = 0),
  slot_minutes INTEGER CHECK (slot_minutes BETWEEN 5 AND 240 AND slot_minutes % 5 = 0),
  reason TEXT,
  CHECK (kind <> 'extra' OR (hospital_id IS NOT NULL AND starts_minute IS NOT NULL AND ends_minute IS NOT NULL AND slot_minutes IS NOT NULL))
) STRICT;

CREATE INDEX booking_exception_doctor ON booking_exception (doctor_id, exception_on);

CREATE TABLE booking_doctor_queue (
  doctor_id INTEGER NOT NULL PRIMARY KEY REFERENCES booking_schedule (doctor_id),
  next_ticket INTEGER NOT NULL,
  waiting INTEGER NOT NULL CHECK (waiting >= 0),
  schedule_version INTEGER NOT NULL
  /*pg , CHECK (doctor_id BETWEEN 1 AND 134217727) */
) STRICT /*pg PARTITION BY HASH (doctor_id) */;

CREATE TABLE booking_appointment (
  id   INTEGER PRIMARY KEY   /*pg BIGINT NOT NULL */,
  doctor_id INTEGER NOT NULL,
  hospital_id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  made_by INTEGER NOT NULL,
  channel TEXT NOT NULL CHECK (channel = 'web' OR channel = 'offer' OR channel = 'staff'),
  status TEXT NOT NULL CHECK (status = 'pending' OR status = 'booked' OR status = 'arrived'
    OR status = 'fulfilled' OR status = 'cancelled' OR status = 'noshow' OR status = 'expired'),
  starts_at INTEGER NOT NULL CHECK (starts_at % 300000 = 0),
  ends_at INTEGER NOT NULL CHECK (ends_at > starts_at AND ends_at % 300000 = 0),
  slots INTEGER NOT NULL CHECK (slots >= 1),
  fee_minor INTEGER NOT NULL CHECK (fee_minor >= 0),
  currency TEXT NOT NULL,
  reason TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  lapses_at INTEGER,
  wait_id INTEGER,
  ended_at INTEGER,
  end_reason TEXT,
  version INTEGER NOT NULL,
  CHECK (status <> 'pending' OR (expires_at IS NOT NULL AND lapses_at IS NOT NULL))
  /*pg , CHECK (id >> 26 = doctor_id), PRIMARY KEY (doctor_id, id) */
) STRICT /*pg PARTITION BY HASH (doctor_id) */;

CREATE INDEX booking_appointment_pending ON booking_appointment (lapses_at, doctor_id) WHERE status = 'pending';

CREATE INDEX booking_appointment_patient ON booking_appointment (patient_id, starts_at);

CREATE INDEX booking_appointment_doctor ON booking_appointment (doctor_id, starts_at) WHERE status <> 'pending';

CREATE INDEX booking_appointment_hospital ON booking_appointment (hospital_id, starts_at) WHERE status <> 'pending';

CREATE TABLE booking_slot_claim (
  doctor_id INTEGER NOT NULL,
  cell INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  PRIMARY KEY (doctor_id, cell)
) STRICT, WITHOUT ROWID /*pg PARTITION BY HASH (doctor_id) */;

CREATE TABLE booking_patient_open (
  patient_id INTEGER NOT NULL PRIMARY KEY,
  open_count INTEGER NOT NULL CHECK (open_count >= 0)
) STRICT;

CREATE TABLE booking_wait (
  id   INTEGER PRIMARY KEY   /*pg BIGINT NOT NULL */,
  doctor_id INTEGER NOT NULL,
  ticket INTEGER NOT NULL,
  hospital_id INTEGER,
  patient_id INTEGER NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  slots INTEGER NOT NULL CHECK (slots >= 1),
  status TEXT NOT NULL CHECK (status = 'waiting' OR status = 'offered' OR status = 'booked' OR status = 'left'
    OR status = 'lapsed' OR status = 'unserved' OR status = 'expired'),
  joined_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  appointment_id INTEGER,
  ended_at INTEGER,
  version INTEGER NOT NULL,
  UNIQUE (doctor_id, ticket)
  /*pg , CHECK (id >> 26 = doctor_id), PRIMARY KEY (doctor_id, id) */
) STRICT /*pg PARTITION BY HASH (doctor_id) */;

CREATE INDEX booking_wait_waiting ON booking_wait (doctor_id, ticket, hospital_id, from_at, to_at, slots, expires_at) WHERE status = 'waiting';

CREATE INDEX booking_wait_patient ON booking_wait (patient_id);

CREATE TABLE booking_ledger (
  id   INTEGER PRIMARY KEY   /*pg BIGINT NOT NULL */,
  doctor_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  wait_id INTEGER,
  ticket INTEGER,
  appointment_id INTEGER,
  starts_at INTEGER,
  reason TEXT NOT NULL
  /*pg , PRIMARY KEY (doctor_id, id) */
) STRICT /*pg PARTITION BY HASH (doctor_id) */;

CREATE INDEX booking_ledger_doctor ON booking_ledger (doctor_id, id);

CREATE TABLE reception_arrival (
  id INTEGER PRIMARY KEY,
  appointment_id INTEGER NOT NULL UNIQUE,
  doctor_id INTEGER NOT NULL,
  hospital_id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  arrived_on TEXT NOT NULL,
  token INTEGER NOT NULL CHECK (token >= 1),
  arrived_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL CHECK (due_at >= arrived_at),
  made_by INTEGER NOT NULL,
  UNIQUE (doctor_id, hospital_id, arrived_on, token)
) STRICT;

CREATE INDEX reception_arrival_hospital ON reception_arrival (hospital_id, arrived_on);

CREATE TABLE reception_summons (
  id INTEGER PRIMARY KEY,
  arrival_id INTEGER NOT NULL REFERENCES reception_arrival (id),
  called_at INTEGER NOT NULL,
  room TEXT,
  made_by INTEGER NOT NULL
) STRICT;

CREATE INDEX reception_summons_arrival ON reception_summons (arrival_id, id);

CREATE TABLE reception_delay (
  id INTEGER PRIMARY KEY,
  doctor_id INTEGER NOT NULL,
  hospital_id INTEGER NOT NULL,
  delayed_on TEXT NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 480),
  made_at INTEGER NOT NULL,
  made_by INTEGER NOT NULL
) STRICT;

CREATE INDEX reception_delay_day ON reception_delay (hospital_id, delayed_on, doctor_id, id);

CREATE TABLE reviews_review (
  id INTEGER PRIMARY KEY,
  appointment_id INTEGER NOT NULL UNIQUE   REFERENCES booking_appointment (id)  ,
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  author TEXT NOT NULL,
  rating INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
  words TEXT,
  visited_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER,
  is_hidden INTEGER NOT NULL CHECK (is_hidden IN (0, 1)),
  hidden_reason TEXT,
  version INTEGER NOT NULL
  /*pg , FOREIGN KEY (doctor_id, appointment_id) REFERENCES booking_appointment (doctor_id, id) */
) STRICT;

CREATE INDEX reviews_review_doctor ON reviews_review (doctor_id, id) WHERE is_hidden = 0;

CREATE INDEX reviews_review_hospital ON reviews_review (hospital_id, id);

CREATE INDEX reviews_review_patient ON reviews_review (patient_id, id);

CREATE TABLE records_visit (
  id INTEGER PRIMARY KEY,
  appointment_id INTEGER NOT NULL UNIQUE   REFERENCES booking_appointment (id)  ,
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  starts_at INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES identity_user (id),
  closed_at INTEGER CHECK (closed_at >= opened_at),
  closed_by INTEGER REFERENCES identity_user (id),
  draft TEXT,
  version INTEGER NOT NULL CHECK (version > 0),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CHECK (closed_at IS NULL OR draft IS NULL)
  /*pg , FOREIGN KEY (doctor_id, appointment_id) REFERENCES booking_appointment (doctor_id, id) */
) STRICT;

CREATE INDEX records_visit_patient ON records_visit (patient_id, starts_at, id);

CREATE INDEX records_visit_doctor ON records_visit (doctor_id, starts_at, id);

CREATE INDEX records_visit_hospital ON records_visit (hospital_id, starts_at, id);

CREATE TABLE records_note (
  id INTEGER PRIMARY KEY,
  visit_id INTEGER NOT NULL REFERENCES records_visit (id),
  number INTEGER NOT NULL CHECK (number > 0),
  supersedes INTEGER UNIQUE REFERENCES records_note (id),
  reason TEXT, -- of a correction
  written_at INTEGER NOT NULL,
  written_by INTEGER NOT NULL REFERENCES identity_user (id),
  complaint TEXT,
  history TEXT,
  examination TEXT,
  notes TEXT,
  advice TEXT,
  temperature_c REAL,
  pulse INTEGER,
  systolic INTEGER,
  diastolic INTEGER,
  respiration INTEGER,
  saturation INTEGER,
  weight_kg REAL,
  height_cm REAL,
  follow_up_on TEXT,
  follow_up_note TEXT,
  UNIQUE (visit_id, number),
  CHECK ((number = 1) = (supersedes IS NULL)),
  CHECK ((number = 1) = (reason IS NULL))
) STRICT;

CREATE TABLE records_diagnosis (
  note_id INTEGER NOT NULL REFERENCES records_note (id),
  position INTEGER NOT NULL CHECK (position > 0),
  code TEXT, -- of ICD-10, without a dot; absent: only words
  words TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'primary' OR kind = 'secondary' OR kind = 'suspected'),
  PRIMARY KEY (note_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX records_diagnosis_code ON records_diagnosis (code, note_id) WHERE code IS NOT NULL;

CREATE TABLE records_allergy (
  id INTEGER PRIMARY KEY,
  supersedes INTEGER UNIQUE REFERENCES records_allergy (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER REFERENCES directory_hospital (id), -- none of these three where it was brought from elsewhere
  doctor_id INTEGER REFERENCES directory_doctor (id),
  recorded_at INTEGER NOT NULL,
  recorded_by INTEGER REFERENCES identity_user (id),
  substance TEXT NOT NULL,
  reaction TEXT,
  severity TEXT NOT NULL CHECK (severity IN ('unknown', 'mild', 'moderate', 'severe')),
  status TEXT NOT NULL CHECK (status IN ('active', 'resolved', 'refuted')),
  reason TEXT, -- of a correction
  source_key TEXT UNIQUE, -- of what was brought from elsewhere
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK (recorded_by IS NOT NULL OR source_key IS NOT NULL)
) STRICT;

CREATE INDEX records_allergy_patient ON records_allergy (patient_id, recorded_at, id);

CREATE TABLE records_problem (
  id INTEGER PRIMARY KEY,
  supersedes INTEGER UNIQUE REFERENCES records_problem (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER REFERENCES directory_hospital (id), -- none of these three where it was brought from elsewhere
  doctor_id INTEGER REFERENCES directory_doctor (id),
  recorded_at INTEGER NOT NULL,
  recorded_by INTEGER REFERENCES identity_user (id),
  code TEXT,
  words TEXT NOT NULL,
  began_on TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'resolved', 'refuted')),
  reason TEXT,
  source_key TEXT UNIQUE, -- of what was brought from elsewhere
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK (recorded_by IS NOT NULL OR source_key IS NOT NULL)
) STRICT;

CREATE INDEX records_problem_patient ON records_problem (patient_id, recorded_at, id);

CREATE TABLE records_prescription (
  id INTEGER PRIMARY KEY,
  supersedes INTEGER UNIQUE REFERENCES records_prescription (id),
  visit_id INTEGER NOT NULL REFERENCES records_visit (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  issued_at INTEGER NOT NULL,
  issued_by INTEGER NOT NULL REFERENCES identity_user (id),
  note TEXT,
  reason TEXT, -- of a correction
  warnings TEXT, -- what the doctor was warned of, a JSON list, and
  override_reason TEXT, -- why it was prescribed all the same
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK ((warnings IS NULL) = (override_reason IS NULL))
) STRICT;

CREATE INDEX records_prescription_patient ON records_prescription (patient_id, issued_at, id);

CREATE INDEX records_prescription_doctor ON records_prescription (doctor_id, issued_at, id);

CREATE INDEX records_prescription_visit ON records_prescription (visit_id);

CREATE TABLE records_prescription_item (
  prescription_id INTEGER NOT NULL REFERENCES records_prescription (id),
  position INTEGER NOT NULL CHECK (position > 0),
  medicine TEXT NOT NULL,
  dose TEXT NOT NULL,
  frequency TEXT NOT NULL,
  duration_days INTEGER CHECK (duration_days > 0), -- absent: until further notice
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  instructions TEXT,
  PRIMARY KEY (prescription_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE records_referral (
  id INTEGER PRIMARY KEY,
  visit_id INTEGER NOT NULL REFERENCES records_visit (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  to_speciality_id INTEGER REFERENCES directory_speciality (id),
  to_doctor_id INTEGER REFERENCES directory_doctor (id),
  to_hospital_id INTEGER REFERENCES directory_hospital (id),
  urgency TEXT NOT NULL CHECK (urgency IN ('routine', 'urgent', 'emergency')),
  reason TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_by INTEGER NOT NULL REFERENCES identity_user (id), supersedes INTEGER REFERENCES records_referral (id), correction_reason TEXT
  CHECK ((supersedes IS NULL) = (correction_reason IS NULL)), is_withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (is_withdrawn IN (0, 1)),
  CHECK (to_speciality_id IS NOT NULL OR to_doctor_id IS NOT NULL)
) STRICT;

CREATE INDEX records_referral_patient ON records_referral (patient_id, made_at, id);

CREATE INDEX records_referral_doctor ON records_referral (doctor_id, made_at, id);

CREATE INDEX records_referral_to ON records_referral (to_doctor_id, made_at, id) WHERE to_doctor_id IS NOT NULL;

CREATE INDEX records_referral_visit ON records_referral (visit_id);

CREATE TABLE records_test_order (
  id INTEGER PRIMARY KEY,
  visit_id INTEGER NOT NULL REFERENCES records_visit (id),
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  code TEXT,
  name TEXT NOT NULL,
  note TEXT,
  urgency TEXT NOT NULL CHECK (urgency IN ('routine', 'urgent', 'emergency')),
  ordered_at INTEGER NOT NULL,
  ordered_by INTEGER NOT NULL REFERENCES identity_user (id)
, supersedes INTEGER REFERENCES records_test_order (id), correction_reason TEXT
  CHECK ((supersedes IS NULL) = (correction_reason IS NULL)), is_withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (is_withdrawn IN (0, 1))) STRICT;

CREATE INDEX records_test_order_patient ON records_test_order (patient_id, ordered_at, id);

CREATE INDEX records_test_order_visit ON records_test_order (visit_id);

CREATE TRIGGER records_visit_stays BEFORE UPDATE ON records_visit
WHEN OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NOT OLD.closed_at OR NEW.closed_by IS NOT OLD.closed_by)
BEGIN SELECT RAISE(ABORT, 'a closed visit stays closed'); END;

CREATE TRIGGER records_visit_is_of BEFORE UPDATE OF appointment_id, doctor_id, hospital_id, patient_id ON records_visit
BEGIN SELECT RAISE(ABORT, 'a visit stays with whom it is'); END;

CREATE TRIGGER records_visit_remains BEFORE DELETE ON records_visit
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_note_stays BEFORE UPDATE ON records_note
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_note_remains BEFORE DELETE ON records_note
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_diagnosis_stays BEFORE UPDATE ON records_diagnosis
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_diagnosis_remains BEFORE DELETE ON records_diagnosis
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_allergy_stays BEFORE UPDATE ON records_allergy
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_allergy_remains BEFORE DELETE ON records_allergy
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_problem_stays BEFORE UPDATE ON records_problem
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_problem_remains BEFORE DELETE ON records_problem
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_prescription_stays BEFORE UPDATE ON records_prescription
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_prescription_remains BEFORE DELETE ON records_prescription
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_prescription_item_stays BEFORE UPDATE ON records_prescription_item
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_prescription_item_remains BEFORE DELETE ON records_prescription_item
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_referral_stays BEFORE UPDATE ON records_referral
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_referral_remains BEFORE DELETE ON records_referral
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_test_order_stays BEFORE UPDATE ON records_test_order
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_test_order_remains BEFORE DELETE ON records_test_order
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE platform_audit_patient (
  patient_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  chain_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (patient_id, at, chain_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE records_emergency_access (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  doctor_id INTEGER NOT NULL REFERENCES directory_doctor (id),
  hospital_id INTEGER NOT NULL REFERENCES directory_hospital (id),
  user_id INTEGER NOT NULL REFERENCES identity_user (id),
  reason TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > granted_at AND expires_at <= granted_at + 3600000),
  reviewed_at INTEGER,
  reviewed_by INTEGER REFERENCES identity_user (id),
  is_justified INTEGER CHECK (is_justified IN (0, 1)),
  review_note TEXT,
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
  CHECK ((reviewed_at IS NULL) = (is_justified IS NULL))
) STRICT;

CREATE INDEX records_emergency_access_doctor ON records_emergency_access (doctor_id, patient_id, expires_at);

CREATE INDEX records_emergency_access_hospital ON records_emergency_access (hospital_id, granted_at, id);

CREATE TRIGGER records_emergency_access_stays BEFORE UPDATE OF patient_id, doctor_id, hospital_id, user_id, reason,
  granted_at, expires_at ON records_emergency_access
BEGIN SELECT RAISE(ABORT, 'only the review is written later'); END;

CREATE TRIGGER records_emergency_access_remains BEFORE DELETE ON records_emergency_access
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE records_icd10 (
  code TEXT NOT NULL PRIMARY KEY CHECK (length(code) BETWEEN 3 AND 7), -- without the dot
  words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 400)
) STRICT, WITHOUT ROWID;

CREATE TABLE records_icd10_version (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE records_identifier (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  kind TEXT NOT NULL CHECK (kind IN ('mrn', 'national', 'passport', 'insurance', 'other')),
  hospital_id INTEGER NOT NULL,
  value TEXT NOT NULL,
  value_key TEXT NOT NULL, -- capital letters and digits alone
  added_at INTEGER NOT NULL,
  added_by INTEGER NOT NULL REFERENCES identity_user (id),
  ended_at INTEGER,
  ended_by INTEGER REFERENCES identity_user (id),
  CHECK ((kind = 'mrn') = (hospital_id <> 0)),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX records_identifier_value ON records_identifier (value_key, kind, hospital_id) WHERE ended_at IS NULL;

CREATE INDEX records_identifier_patient ON records_identifier (patient_id);

CREATE TABLE records_mrn (
  hospital_id INTEGER NOT NULL PRIMARY KEY REFERENCES directory_hospital (id),
  next_number INTEGER NOT NULL CHECK (next_number > 0)
) STRICT;

CREATE TABLE records_merge (
  id INTEGER PRIMARY KEY,
  kept_id INTEGER NOT NULL REFERENCES identity_user (id),
  merged_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL, -- whose administrator did it; 0: the platform's
  reason TEXT NOT NULL,
  merged_at INTEGER NOT NULL,
  merged_by INTEGER NOT NULL REFERENCES identity_user (id),
  undone_at INTEGER,
  undone_by INTEGER REFERENCES identity_user (id),
  CHECK (kept_id <> merged_id),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX records_merge_merged ON records_merge (merged_id) WHERE undone_at IS NULL;

CREATE INDEX records_merge_kept ON records_merge (kept_id, merged_id) WHERE undone_at IS NULL;

CREATE INDEX identity_user_birth ON identity_user (birth_on, id) WHERE birth_on IS NOT NULL;

CREATE TABLE records_document (
  id INTEGER PRIMARY KEY,
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL, -- whose staff or doctor brought it; 0: the patient
  kind TEXT NOT NULL CHECK (kind IN ('report', 'letter', 'image', 'other')),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes > 0),
  sha256 TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  added_by INTEGER NOT NULL REFERENCES identity_user (id),
  UNIQUE (patient_id, sha256)
) STRICT;

CREATE INDEX records_document_patient ON records_document (patient_id, added_at, id);

CREATE TABLE records_document_part (
  document_id INTEGER NOT NULL REFERENCES records_document (id),
  number INTEGER NOT NULL CHECK (number > 0),
  content TEXT NOT NULL,
  PRIMARY KEY (document_id, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER records_document_stays BEFORE UPDATE ON records_document
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_document_remains BEFORE DELETE ON records_document
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TRIGGER records_document_part_stays BEFORE UPDATE ON records_document_part
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_document_part_remains BEFORE DELETE ON records_document_part
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE TABLE records_source (
  source_key TEXT NOT NULL PRIMARY KEY, -- by which the other system knows the patient
  patient_id INTEGER NOT NULL REFERENCES identity_user (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX records_source_patient ON records_source (patient_id);

CREATE TABLE records_history (
  id INTEGER PRIMARY KEY,
  source_key TEXT NOT NULL UNIQUE,
  patient_id INTEGER NOT NULL REFERENCES identity_user (id),
  hospital_id INTEGER NOT NULL, -- which brought it; 0: none
  kind TEXT NOT NULL CHECK (kind IN ('visit', 'medicine', 'vital', 'result', 'immunization', 'procedure', 'report',
    'document')),
  at INTEGER NOT NULL,
  ended_at INTEGER,
  code_system TEXT,
  code TEXT,
  words TEXT NOT NULL,
  value REAL,
  value_words TEXT,
  unit TEXT,
  status TEXT,
  author TEXT,
  place TEXT
) STRICT;

CREATE INDEX records_history_patient ON records_history (patient_id, at, id);

CREATE INDEX records_history_medicine ON records_history (patient_id) WHERE kind = 'medicine' AND status = 'active';

CREATE TRIGGER records_history_stays BEFORE UPDATE ON records_history
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;

CREATE TRIGGER records_history_remains BEFORE DELETE ON records_history
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;

CREATE UNIQUE INDEX records_referral_supersedes ON records_referral (supersedes);

CREATE UNIQUE INDEX records_test_order_supersedes ON records_test_order (supersedes);

CREATE INDEX records_note_follow_up ON records_note (follow_up_on, id) WHERE follow_up_on IS NOT NULL;

CREATE TABLE notifications_message (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  person_id INTEGER NOT NULL,
  hospital_id INTEGER NOT NULL,
  facts TEXT NOT NULL,
  language TEXT NOT NULL,
  secret TEXT NOT NULL,
  to_phone TEXT,
  to_email TEXT,
  is_shown INTEGER NOT NULL CHECK (is_shown IN (0, 1)),
  created_at INTEGER NOT NULL,
  useless_at INTEGER NOT NULL,
  read_at INTEGER
) STRICT;

CREATE INDEX notifications_message_person ON notifications_message (person_id, id) WHERE is_shown = 1;

CREATE INDEX notifications_message_hospital ON notifications_message (hospital_id, id) WHERE hospital_id <> 0;

CREATE INDEX notifications_message_created ON notifications_message (created_at);

CREATE TABLE notifications_delivery (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES notifications_message (id),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'chat')),
  status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((status = 'waiting') = (ended_at IS NULL)),
  UNIQUE (message_id, channel)
) STRICT;

CREATE INDEX notifications_delivery_waiting ON notifications_delivery (due_at) WHERE status = 'waiting';

CREATE TABLE notifications_person (
  person_id INTEGER NOT NULL PRIMARY KEY,
  language TEXT,
  time_zone TEXT,
  quiet_from_minute INTEGER NOT NULL CHECK (quiet_from_minute BETWEEN 0 AND 1440),
  quiet_to_minute INTEGER NOT NULL CHECK (quiet_to_minute BETWEEN 0 AND 1440),
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE notifications_preference (
  person_id INTEGER NOT NULL,
  topic TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'app')),
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  PRIMARY KEY (person_id, topic, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE notifications_round (
  kind TEXT NOT NULL,
  place TEXT NOT NULL,
  round_on TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  PRIMARY KEY (kind, place, round_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE notifications_calendar (
  person_id INTEGER NOT NULL PRIMARY KEY,
  nonce TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE notifications_hospital (
  hospital_id INTEGER NOT NULL PRIMARY KEY,
  chat_url TEXT,
  changed_by INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE notifications_endpoint (
  id INTEGER PRIMARY KEY,
  hospital_id INTEGER NOT NULL,
  made_by INTEGER NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  nonce TEXT NOT NULL,
  old_nonce TEXT,
  old_until INTEGER,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  stopped_why TEXT,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX notifications_endpoint_hospital ON notifications_endpoint (hospital_id, id);

CREATE TABLE notifications_call (
  id INTEGER PRIMARY KEY,
  endpoint_id INTEGER NOT NULL REFERENCES notifications_endpoint (id),
  event TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'sent', 'failed', 'dropped')),
  attempts INTEGER NOT NULL,
  http_status INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((status = 'waiting') = (ended_at IS NULL)),
  UNIQUE (endpoint_id, event)
) STRICT;

CREATE INDEX notifications_call_endpoint ON notifications_call (endpoint_id, id);

CREATE INDEX notifications_call_created ON notifications_call (created_at);

CREATE VIEW report_visit AS
SELECT id, doctor_id, hospital_id, patient_id, status, starts_at, ends_at, fee_minor, currency, created_at
FROM booking_appointment
WHERE status <> 'pending' AND status <> 'expired' AND (status <> 'cancelled' OR expires_at IS NULL OR version > 2);

CREATE VIEW report_hold AS
SELECT id, doctor_id, hospital_id, lapses_at FROM booking_appointment WHERE status = 'pending';

CREATE VIEW report_wait AS
SELECT id, doctor_id, hospital_id, expires_at FROM booking_wait WHERE status = 'waiting';

CREATE VIEW report_payment AS
SELECT id, hospital_id, currency, amount_minor, captured_at, refunded_at FROM billing_payment WHERE captured_at IS NOT NULL;

CREATE INDEX billing_payment_captured_of ON billing_payment (hospital_id, captured_at) WHERE captured_at IS NOT NULL;

CREATE INDEX billing_payment_refunded_of ON billing_payment (hospital_id, refunded_at) WHERE refunded_at IS NOT NULL;

CREATE VIEW report_arrival AS
SELECT a.id, a.appointment_id, a.doctor_id, a.hospital_id, a.arrived_on, a.arrived_at,
  (SELECT min(s.called_at) FROM reception_summons s WHERE s.arrival_id = a.id) AS called_at
FROM reception_arrival a;

CREATE VIEW report_hospital AS SELECT id, name, time_zone, is_active FROM directory_hospital;

CREATE VIEW report_doctor AS
SELECT id, full_name, CASE WHEN status = 'active' THEN 1 ELSE 0 END AS is_active FROM directory_doctor;

CREATE VIEW report_practice AS
SELECT p.doctor_id, p.hospital_id, p.department_id, d.name AS department_name,
  CASE WHEN p.is_active = 1 AND o.status = 'active' THEN 1 ELSE 0 END AS is_active
FROM directory_practice p
JOIN directory_doctor o ON o.id = p.doctor_id
LEFT JOIN directory_department d ON d.id = p.department_id;

CREATE VIEW report_patient AS SELECT id, hospital_id FROM identity_user WHERE role = 'patient';

CREATE TABLE reporting_hospital (
  hospital_id INTEGER NOT NULL PRIMARY KEY,
  time_zone TEXT NOT NULL,
  closed_before_on TEXT NOT NULL
) STRICT;

CREATE TABLE reporting_day (
  hospital_id INTEGER NOT NULL,
  day_on TEXT NOT NULL,
  appointments INTEGER NOT NULL,
  fulfilled INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  no_shows INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  hours TEXT NOT NULL,
  doctors TEXT NOT NULL,
  waits TEXT NOT NULL,
  money TEXT NOT NULL,
  PRIMARY KEY (hospital_id, day_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE reporting_change (
  id INTEGER PRIMARY KEY,
  hospital_id INTEGER NOT NULL,
  day_on TEXT NOT NULL
) STRICT;

CREATE INDEX reporting_change_day ON reporting_change (hospital_id, day_on, id);

CREATE TABLE reporting_patient (
  hospital_id INTEGER NOT NULL,
  patient_id INTEGER NOT NULL,
  PRIMARY KEY (hospital_id, patient_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW report_treatment AS
SELECT v.id, v.appointment_id, v.doctor_id, v.hospital_id, v.patient_id, v.starts_at, n.id AS note_id, n.number AS version,
  n.complaint, n.examination, n.notes, n.advice, n.follow_up_on
FROM records_visit v
JOIN records_note n ON n.visit_id = v.id AND n.number = (SELECT max(m.number) FROM records_note m WHERE m.visit_id = v.id)
WHERE v.closed_at IS NOT NULL;

CREATE VIEW report_diagnosis AS SELECT note_id, position, code, words FROM records_diagnosis;

CREATE VIEW report_medicine AS
SELECT p.visit_id, p.id AS prescription_id, i.position, i.medicine, i.dose, i.frequency, i.duration_days, i.quantity
FROM records_prescription p JOIN records_prescription_item i ON i.prescription_id = p.id
WHERE NOT EXISTS (SELECT 1 FROM records_prescription later WHERE later.supersedes = p.id);

CREATE VIEW report_merge AS SELECT kept_id, merged_id FROM records_merge WHERE undone_at IS NULL;

CREATE TABLE reporting_export (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL,
  role TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('patient', 'doctor', 'hospital')),
  hospital_id INTEGER NOT NULL,
  format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'expired')),
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  after_at INTEGER NOT NULL,
  after_id INTEGER NOT NULL,
  is_read INTEGER NOT NULL CHECK (is_read IN (0, 1)),
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  error TEXT,
  CHECK ((status = 'done' OR status = 'expired') = (expires_at IS NOT NULL))
) STRICT;

CREATE INDEX reporting_export_user ON reporting_export (user_id, id);

CREATE INDEX reporting_export_expires ON reporting_export (expires_at) WHERE status = 'done';

CREATE TABLE reporting_export_source (
  export_id INTEGER NOT NULL REFERENCES reporting_export (id),
  source_id INTEGER NOT NULL,
  PRIMARY KEY (export_id, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reporting_export_subject (
  export_id INTEGER NOT NULL REFERENCES reporting_export (id),
  patient_id INTEGER NOT NULL,
  PRIMARY KEY (export_id, patient_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reporting_export_page (
  export_id INTEGER NOT NULL REFERENCES reporting_export (id),
  number INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (export_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE reporting_outcome (
  hospital_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  visit_on TEXT NOT NULL,
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  lead_days INTEGER NOT NULL CHECK (lead_days >= 0),
  is_missed INTEGER NOT NULL CHECK (is_missed IN (0, 1)),
  is_reminded INTEGER CHECK (is_reminded IN (0, 1)),
  age INTEGER CHECK (age BETWEEN 0 AND 130),
  area TEXT,
  PRIMARY KEY (hospital_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE platform_audit_mark (
  kind INTEGER NOT NULL CHECK (kind IN (1, 2, 3)), -- 1: done by, or tried on the account of; 2: at the hospital; 3: refused
  ref INTEGER NOT NULL, -- the user; the hospital; 0
  at INTEGER NOT NULL,
  chain_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (kind, ref, at, chain_id, number)
) STRICT, WITHOUT ROWID;

