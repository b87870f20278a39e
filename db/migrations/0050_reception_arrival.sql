-- Who has arrived at the hospital, with which number, and who was called in. Rows are added, never changed.

-- The number is of the doctor's day at the hospital, given in the order of arrival. due_at: the start of the appointment,
-- or the arrival where that was later; in its order patients are called.
CREATE TABLE reception_arrival (
  id {id},
  appointment_id {i64} NOT NULL UNIQUE,
  doctor_id {i64} NOT NULL,
  hospital_id {i64} NOT NULL,
  patient_id {i64} NOT NULL,
  arrived_on {text} NOT NULL,
  token {i64} NOT NULL CHECK (token >= 1),
  arrived_at {i64} NOT NULL,
  due_at {i64} NOT NULL CHECK (due_at >= arrived_at),
  made_by {i64} NOT NULL,
  UNIQUE (doctor_id, hospital_id, arrived_on, token)
){strict};
CREATE INDEX reception_arrival_hospital ON reception_arrival (hospital_id, arrived_on);

-- Who does not come is called again: the last one counts.
CREATE TABLE reception_summons (
  id {id},
  arrival_id {i64} NOT NULL REFERENCES reception_arrival (id),
  called_at {i64} NOT NULL,
  room {text},
  made_by {i64} NOT NULL
){strict};
CREATE INDEX reception_summons_arrival ON reception_summons (arrival_id, id);

-- A doctor runs late: the last line of the day counts, 0 minutes end it.
CREATE TABLE reception_delay (
  id {id},
  doctor_id {i64} NOT NULL,
  hospital_id {i64} NOT NULL,
  delayed_on {text} NOT NULL,
  minutes {i64} NOT NULL CHECK (minutes BETWEEN 0 AND 480),
  made_at {i64} NOT NULL,
  made_by {i64} NOT NULL
){strict};
CREATE INDEX reception_delay_day ON reception_delay (hospital_id, delayed_on, doctor_id, id);
