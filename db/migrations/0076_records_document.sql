-- Files of patients: what they are in one row, their bytes (base64url) in parts. Never changed; whoever brings the same
-- bytes again has them already.
CREATE TABLE records_document (
  id {id},
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL, -- whose staff or doctor brought it; 0: the patient
  kind {text} NOT NULL CHECK (kind IN ('report', 'letter', 'image', 'other')),
  name {text} NOT NULL,
  media_type {text} NOT NULL,
  bytes {i64} NOT NULL CHECK (bytes > 0),
  sha256 {text} NOT NULL,
  added_at {i64} NOT NULL,
  added_by {i64} NOT NULL REFERENCES identity_user (id),
  UNIQUE (patient_id, sha256)
){strict};
CREATE INDEX records_document_patient ON records_document (patient_id, added_at, id);

CREATE TABLE records_document_part (
  document_id {i64} NOT NULL REFERENCES records_document (id),
  number {i64} NOT NULL CHECK (number > 0),
  content {text} NOT NULL,
  PRIMARY KEY (document_id, number)
){strict_without_rowid};

/*sqlite
CREATE TRIGGER records_document_stays BEFORE UPDATE ON records_document
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;
CREATE TRIGGER records_document_remains BEFORE DELETE ON records_document
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
CREATE TRIGGER records_document_part_stays BEFORE UPDATE ON records_document_part
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;
CREATE TRIGGER records_document_part_remains BEFORE DELETE ON records_document_part
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
*/
/*pg
CREATE TRIGGER records_document_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_document
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
CREATE TRIGGER records_document_part_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_document_part
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
*/
