-- What people are told: messages, how each was delivered, and how people want to be told.

-- Written in the transaction of what it tells of. key: names the deed, so that nothing is told twice of one deed.
-- facts: ids and instants as JSON, of which the words are made at delivery; person_id 0: somebody without an account, at
-- to_phone or to_email, which are forgotten when the deliveries have ended. useless_at: not told after that.
CREATE TABLE notifications_message (
  id {id},
  key {text} NOT NULL UNIQUE,
  kind {text} NOT NULL,
  person_id {i64} NOT NULL,
  hospital_id {i64} NOT NULL,
  facts {text} NOT NULL,
  language {text} NOT NULL,
  secret {text} NOT NULL,
  to_phone {text},
  to_email {text},
  is_shown {i64} NOT NULL CHECK (is_shown IN (0, 1)),
  created_at {i64} NOT NULL,
  useless_at {i64} NOT NULL,
  read_at {i64}
){strict};
CREATE INDEX notifications_message_person ON notifications_message (person_id, id) WHERE is_shown = 1;
CREATE INDEX notifications_message_hospital ON notifications_message (hospital_id, id) WHERE hospital_id <> 0;
CREATE INDEX notifications_message_created ON notifications_message (created_at);

-- One way of telling a message. waiting: until due_at, then tried. sent: somebody's server has taken it. failed: given
-- up. dropped: it was of no use any more, or not wanted.
CREATE TABLE notifications_delivery (
  id {id},
  message_id {i64} NOT NULL REFERENCES notifications_message (id),
  channel {text} NOT NULL CHECK (channel IN ('email', 'sms', 'chat')),
  status {text} NOT NULL CHECK (status IN ('waiting', 'sent', 'failed', 'dropped')),
  attempts {i64} NOT NULL,
  error {text},
  created_at {i64} NOT NULL,
  due_at {i64} NOT NULL,
  ended_at {i64},
  CHECK ((status = 'waiting') = (ended_at IS NULL)),
  UNIQUE (message_id, channel)
){strict};
CREATE INDEX notifications_delivery_waiting ON notifications_delivery (due_at) WHERE status = 'waiting';

-- How a person wants to be told; who has no row has said nothing. quiet_…_minute: of the day, on the wall of
-- the hospital or of time_zone; equal: no quiet hours.
CREATE TABLE notifications_person (
  person_id {i64} NOT NULL PRIMARY KEY,
  language {text},
  time_zone {text},
  quiet_from_minute {i64} NOT NULL CHECK (quiet_from_minute BETWEEN 0 AND 1440),
  quiet_to_minute {i64} NOT NULL CHECK (quiet_to_minute BETWEEN 0 AND 1440),
  version {i64} NOT NULL
){strict};
CREATE TABLE notifications_preference (
  person_id {i64} NOT NULL,
  topic {text} NOT NULL,
  channel {text} NOT NULL CHECK (channel IN ('email', 'sms', 'app')),
  is_on {i64} NOT NULL CHECK (is_on IN (0, 1)),
  PRIMARY KEY (person_id, topic, channel)
){strict_without_rowid};
