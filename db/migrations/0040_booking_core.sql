-- Schedules, appointments (a hold is a pending one), the claims that make double booking impossible, the wait queue.
--
-- On PostgreSQL what a turn at a doctor touches is partitioned by doctor: queue row, appointments, claims, waits, ledger.
-- Each key begins with the doctor, and no key refers to a row of somebody else, so that the same tables can be
-- distributed by doctor_id. The id of an appointment or a wait is there doctor * 2^26 + its number with the doctor: who
-- has an id knows the partition (id >> 26), and no sequence is shared. It stays under 2^53, which JavaScript can hold.

CREATE TABLE booking_schedule (
  doctor_id {i64} NOT NULL PRIMARY KEY REFERENCES directory_doctor (id),
  minimum_notice_minutes {i64} NOT NULL CHECK (minimum_notice_minutes >= 0),
  max_booking_days {i64} NOT NULL CHECK (max_booking_days BETWEEN 1 AND 400),
  version {i64} NOT NULL
){strict};

-- Wall time in the hospital's zone; weekdays is a bit mask, Monday = 1 … Sunday = 64.
CREATE TABLE booking_shift (
  id {id},
  doctor_id {i64} NOT NULL REFERENCES booking_schedule (doctor_id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  weekdays {i64} NOT NULL CHECK (weekdays BETWEEN 1 AND 127),
  starts_minute {i64} NOT NULL CHECK (starts_minute BETWEEN 0 AND 1435 AND starts_minute % 5 = 0),
  ends_minute {i64} NOT NULL CHECK (ends_minute > starts_minute AND ends_minute <= 1440 AND ends_minute % 5 = 0),
  slot_minutes {i64} NOT NULL CHECK (slot_minutes BETWEEN 5 AND 240 AND slot_minutes % 5 = 0),
  valid_from_on {text},
  valid_to_on {text}
){strict};
CREATE INDEX booking_shift_doctor ON booking_shift (doctor_id);

-- leave and holiday take slots away (whole day, or from … to); extra adds a session.
CREATE TABLE booking_exception (
  id {id},
  doctor_id {i64} NOT NULL REFERENCES booking_schedule (doctor_id),
  kind {text} NOT NULL CHECK (kind IN ('leave', 'holiday', 'extra')),
  hospital_id {i64} REFERENCES directory_hospital (id),
  exception_on {text} NOT NULL,
  starts_minute {i64} CHECK (starts_minute % 5 = 0),
  ends_minute {i64} CHECK (ends_minute > starts_minute AND ends_minute % 5 = 0),
  slot_minutes {i64} CHECK (slot_minutes BETWEEN 5 AND 240 AND slot_minutes % 5 = 0),
  reason {text},
  CHECK (kind <> 'extra' OR (hospital_id IS NOT NULL AND starts_minute IS NOT NULL AND ends_minute IS NOT NULL AND slot_minutes IS NOT NULL))
){strict};
CREATE INDEX booking_exception_doctor ON booking_exception (doctor_id, exception_on);

-- One row a doctor. Locking it orders the doctor's calls; this order is the order of arrival.
CREATE TABLE booking_doctor_queue (
  doctor_id {i64} NOT NULL PRIMARY KEY REFERENCES booking_schedule (doctor_id),
  next_ticket {i64} NOT NULL,
  waiting {i64} NOT NULL CHECK (waiting >= 0),
  schedule_version {i64} NOT NULL
  /*pg , CHECK (doctor_id BETWEEN 1 AND 134217727) */
){strict} /*pg PARTITION BY HASH (doctor_id) */;

-- The row of a booking is written under the lock of the doctor's queue row and read together with the practice, so
-- doctor, hospital and patient are there; none is ever deleted. REFERENCES would make PostgreSQL lock the rows of all
-- three for each hold: a hospital's row is shared by all its doctors, a patient's lies on another shard.
-- The words are compared one by one: of a list SQLite would make a table at every insert and update, half of what the
-- row costs.
CREATE TABLE booking_appointment (
  id /*sqlite INTEGER PRIMARY KEY */ /*pg BIGINT NOT NULL */,
  doctor_id {i64} NOT NULL,
  hospital_id {i64} NOT NULL,
  patient_id {i64} NOT NULL,
  made_by {i64} NOT NULL,
  channel {text} NOT NULL CHECK (channel = 'web' OR channel = 'offer' OR channel = 'staff'),
  status {text} NOT NULL CHECK (status = 'pending' OR status = 'booked' OR status = 'arrived'
    OR status = 'fulfilled' OR status = 'cancelled' OR status = 'noshow' OR status = 'expired'),
  starts_at {i64} NOT NULL CHECK (starts_at % 300000 = 0),
  ends_at {i64} NOT NULL CHECK (ends_at > starts_at AND ends_at % 300000 = 0),
  slots {i64} NOT NULL CHECK (slots >= 1),
  fee_minor {i64} NOT NULL CHECK (fee_minor >= 0),
  currency {text} NOT NULL,
  reason {text},
  created_at {i64} NOT NULL,
  expires_at {i64},
  lapses_at {i64},
  wait_id {i64},
  ended_at {i64},
  end_reason {text},
  version {i64} NOT NULL,
  CHECK (status <> 'pending' OR (expires_at IS NOT NULL AND lapses_at IS NOT NULL))
  /*pg , CHECK (id >> 26 = doctor_id), PRIMARY KEY (doctor_id, id) */
){strict} /*pg PARTITION BY HASH (doctor_id) */;
-- A hold is the write that crowds race for, and each index costs it a page that nothing else of it is near. So pending
-- rows are in one index that grows at its end, and in the patient's; the lists of doctors and hospitals find them by
-- their claims, or in the index of the pending, which is small.
CREATE INDEX booking_appointment_pending ON booking_appointment (lapses_at, doctor_id) WHERE status = 'pending';
CREATE INDEX booking_appointment_patient ON booking_appointment (patient_id, starts_at);
CREATE INDEX booking_appointment_doctor ON booking_appointment (doctor_id, starts_at) WHERE status <> 'pending';
CREATE INDEX booking_appointment_hospital ON booking_appointment (hospital_id, starts_at) WHERE status <> 'pending';

-- The appointment owns the five-minute UTC cells it covers (cell = instant / 300000). An overlap is a key clash. Both
-- are written in one transaction, and appointments are never deleted.
CREATE TABLE booking_slot_claim (
  doctor_id {i64} NOT NULL,
  cell {i64} NOT NULL,
  appointment_id {i64} NOT NULL,
  PRIMARY KEY (doctor_id, cell)
){strict_without_rowid} /*pg PARTITION BY HASH (doctor_id) */;

-- How many unpaid holds and waits a patient has open: the only row of a booking that is keyed by patient.
CREATE TABLE booking_patient_open (
  patient_id {i64} NOT NULL PRIMARY KEY,
  open_count {i64} NOT NULL CHECK (open_count >= 0)
){strict};

CREATE TABLE booking_wait (
  id /*sqlite INTEGER PRIMARY KEY */ /*pg BIGINT NOT NULL */,
  doctor_id {i64} NOT NULL,
  ticket {i64} NOT NULL,
  hospital_id {i64},
  patient_id {i64} NOT NULL,
  from_at {i64} NOT NULL,
  to_at {i64} NOT NULL,
  slots {i64} NOT NULL CHECK (slots >= 1),
  status {text} NOT NULL CHECK (status = 'waiting' OR status = 'offered' OR status = 'booked' OR status = 'left'
    OR status = 'lapsed' OR status = 'unserved' OR status = 'expired'),
  joined_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  appointment_id {i64},
  ended_at {i64},
  version {i64} NOT NULL,
  UNIQUE (doctor_id, ticket)
  /*pg , CHECK (id >> 26 = doctor_id), PRIMARY KEY (doctor_id, id) */
){strict} /*pg PARTITION BY HASH (doctor_id) */;
CREATE INDEX booking_wait_waiting ON booking_wait (doctor_id, ticket, hospital_id, from_at, to_at, slots, expires_at) WHERE status = 'waiting';
CREATE INDEX booking_wait_patient ON booking_wait (patient_id);

-- Every hand-over with its reason: fairness can be audited. Append only. Ids grow with each doctor; on PostgreSQL each
-- doctor's are 1, 2, 3 …
CREATE TABLE booking_ledger (
  id /*sqlite INTEGER PRIMARY KEY */ /*pg BIGINT NOT NULL */,
  doctor_id {i64} NOT NULL,
  at {i64} NOT NULL,
  kind {text} NOT NULL,
  wait_id {i64},
  ticket {i64},
  appointment_id {i64},
  starts_at {i64},
  reason {text} NOT NULL
  /*pg , PRIMARY KEY (doctor_id, id) */
){strict} /*pg PARTITION BY HASH (doctor_id) */;
/*sqlite CREATE INDEX booking_ledger_doctor ON booking_ledger (doctor_id, id); */

-- What the doctors of one partition have lies in tables of one number, together on one machine. How many there are is
-- said before the first migration (ALTER DATABASE … SET fairward.partitions = 8): docs/scaling.md.
/*pg
DO $$
DECLARE
  parts CONSTANT int := COALESCE(NULLIF(current_setting('fairward.partitions', true), ''), '1');
  parent text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['booking_doctor_queue', 'booking_appointment', 'booking_slot_claim', 'booking_wait',
      'booking_ledger'] LOOP
    FOR part IN 0 .. parts - 1 LOOP
      EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
        parent || '_p' || part, parent, parts, part);
    END LOOP;
  END LOOP;
END $$;
*/
