-- Who is who: numbers by which patients are known, and patients of whom it was found that they are one person. A merge is
-- a link that reading follows; nothing is moved, so undoing it ends the link and no more.

-- Hospital 0: of no hospital, such as a national number.
CREATE TABLE records_identifier (
  id {id},
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  kind {text} NOT NULL CHECK (kind IN ('mrn', 'national', 'passport', 'insurance', 'other')),
  hospital_id {i64} NOT NULL,
  value {text} NOT NULL,
  value_key {text} NOT NULL, -- capital letters and digits alone
  added_at {i64} NOT NULL,
  added_by {i64} NOT NULL REFERENCES identity_user (id),
  ended_at {i64},
  ended_by {i64} REFERENCES identity_user (id),
  CHECK ((kind = 'mrn') = (hospital_id <> 0)),
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
){strict};
CREATE UNIQUE INDEX records_identifier_value ON records_identifier (value_key, kind, hospital_id) WHERE ended_at IS NULL;
CREATE INDEX records_identifier_patient ON records_identifier (patient_id);

-- The next record number that a hospital gives.
CREATE TABLE records_mrn (
  hospital_id {i64} NOT NULL PRIMARY KEY REFERENCES directory_hospital (id),
  next_number {i64} NOT NULL CHECK (next_number > 0)
){strict};

CREATE TABLE records_merge (
  id {id},
  kept_id {i64} NOT NULL REFERENCES identity_user (id),
  merged_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL, -- whose administrator did it; 0: the platform's
  reason {text} NOT NULL,
  merged_at {i64} NOT NULL,
  merged_by {i64} NOT NULL REFERENCES identity_user (id),
  undone_at {i64},
  undone_by {i64} REFERENCES identity_user (id),
  CHECK (kept_id <> merged_id),
  CHECK ((undone_at IS NULL) = (undone_by IS NULL))
){strict};
CREATE UNIQUE INDEX records_merge_merged ON records_merge (merged_id) WHERE undone_at IS NULL;
CREATE INDEX records_merge_kept ON records_merge (kept_id, merged_id) WHERE undone_at IS NULL;
