-- A doctor who is not the patient's opened the record in an emergency: why, until when, and what the hospital thinks of it.
CREATE TABLE records_emergency_access (
  id {id},
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  user_id {i64} NOT NULL REFERENCES identity_user (id),
  reason {text} NOT NULL,
  granted_at {i64} NOT NULL,
  expires_at {i64} NOT NULL CHECK (expires_at > granted_at AND expires_at <= granted_at + 3600000),
  reviewed_at {i64},
  reviewed_by {i64} REFERENCES identity_user (id),
  is_justified {i64} CHECK (is_justified IN (0, 1)),
  review_note {text},
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL)),
  CHECK ((reviewed_at IS NULL) = (is_justified IS NULL))
){strict};
CREATE INDEX records_emergency_access_doctor ON records_emergency_access (doctor_id, patient_id, expires_at);
CREATE INDEX records_emergency_access_hospital ON records_emergency_access (hospital_id, granted_at, id);

/*sqlite
CREATE TRIGGER records_emergency_access_stays BEFORE UPDATE OF patient_id, doctor_id, hospital_id, user_id, reason,
  granted_at, expires_at ON records_emergency_access
BEGIN SELECT RAISE(ABORT, 'only the review is written later'); END;
CREATE TRIGGER records_emergency_access_remains BEFORE DELETE ON records_emergency_access
BEGIN SELECT RAISE(ABORT, 'records are never deleted'); END;
*/
/*pg
CREATE FUNCTION records_emergency_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.patient_id, NEW.doctor_id, NEW.hospital_id, NEW.user_id, NEW.reason, NEW.granted_at, NEW.expires_at)
      IS DISTINCT FROM
      (OLD.patient_id, OLD.doctor_id, OLD.hospital_id, OLD.user_id, OLD.reason, OLD.granted_at, OLD.expires_at) THEN
    RAISE EXCEPTION 'only the review is written later';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_emergency_access_stays BEFORE UPDATE ON records_emergency_access
  FOR EACH ROW EXECUTE FUNCTION records_emergency_refuse();
CREATE TRIGGER records_emergency_access_remains BEFORE DELETE OR TRUNCATE ON records_emergency_access
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
*/
