-- What became of appointments that were kept elsewhere: no names, only what tells who is likely not to come.
-- hospital_id: whose they were; 0: of none here. key: as their source knows them. weekday: 1 is Monday.
CREATE TABLE reporting_outcome (
  hospital_id {i64} NOT NULL,
  key {text} NOT NULL,
  visit_on {text} NOT NULL,
  weekday {i64} NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  lead_days {i64} NOT NULL CHECK (lead_days >= 0),
  is_missed {i64} NOT NULL CHECK (is_missed IN (0, 1)),
  is_reminded {i64} CHECK (is_reminded IN (0, 1)),
  age {i64} CHECK (age BETWEEN 0 AND 130),
  area {text},
  PRIMARY KEY (hospital_id, key)
){strict_without_rowid};
