-- What is known of a patient from elsewhere: visits, medicines, results and so on as other systems told of them. Read
-- only; brought again nothing is doubled.

CREATE TABLE records_source (
  source_key {text} NOT NULL PRIMARY KEY, -- by which the other system knows the patient
  patient_id {i64} NOT NULL REFERENCES identity_user (id)
){strict_without_rowid};
CREATE INDEX records_source_patient ON records_source (patient_id);

CREATE TABLE records_history (
  id {id},
  source_key {text} NOT NULL UNIQUE,
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL, -- which brought it; 0: none
  kind {text} NOT NULL CHECK (kind IN ('visit', 'medicine', 'vital', 'result', 'immunization', 'procedure', 'report',
    'document')),
  at {i64} NOT NULL,
  ended_at {i64},
  code_system {text},
  code {text},
  words {text} NOT NULL,
  value {real},
  value_words {text},
  unit {text},
  status {text},
  author {text},
  place {text}
){strict};
CREATE INDEX records_history_patient ON records_history (patient_id, at, id);
CREATE INDEX records_history_medicine ON records_history (patient_id) WHERE kind = 'medicine' AND status = 'active';

/*sqlite
CREATE TRIGGER records_history_stays BEFORE UPDATE ON records_history
BEGIN SELECT RAISE(ABORT, 'records are corrected by new versions'); END;
CREATE TRIGGER records_history_remains BEFORE DELETE ON records_history
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
*/
/*pg
CREATE TRIGGER records_history_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_history
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
*/
