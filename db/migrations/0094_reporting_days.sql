-- The figures of days that are over, as each hospital's wall counts days: what is read of years is read from here.

-- All days before closed_before_on are in reporting_day, but those on which there was nothing.
CREATE TABLE reporting_hospital (
  hospital_id {i64} NOT NULL PRIMARY KEY,
  time_zone {text} NOT NULL,
  closed_before_on {text} NOT NULL
){strict};

-- The lists are "9:4,10:2": see modules/reporting/figures.h.
CREATE TABLE reporting_day (
  hospital_id {i64} NOT NULL,
  day_on {text} NOT NULL,
  appointments {i64} NOT NULL,
  fulfilled {i64} NOT NULL,
  cancelled {i64} NOT NULL,
  no_shows {i64} NOT NULL,
  arrived {i64} NOT NULL,
  hours {text} NOT NULL,
  doctors {text} NOT NULL,
  waits {text} NOT NULL,
  money {text} NOT NULL,
  PRIMARY KEY (hospital_id, day_on)
){strict_without_rowid};

-- A visit of a day that is over has changed: written in the same transaction, gone when the day was counted anew.
-- Until then the day is counted from its rows.
CREATE TABLE reporting_change (
  id {id},
  hospital_id {i64} NOT NULL,
  day_on {text} NOT NULL
){strict};
CREATE INDEX reporting_change_day ON reporting_change (hospital_id, day_on, id);

-- Who has ever had an appointment with the hospital on a day that is over.
CREATE TABLE reporting_patient (
  hospital_id {i64} NOT NULL,
  patient_id {i64} NOT NULL,
  PRIMARY KEY (hospital_id, patient_id)
){strict_without_rowid};
