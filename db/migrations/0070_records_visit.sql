-- What is known of patients: visits and what was found in them, prescriptions, referrals, orders, allergies, problems.
--
-- What is finished is never changed. A draft lies in the visit's row; closing makes a note of it, and a correction is a
-- further note that says which it supersedes. Allergies, problems and prescriptions are corrected the same way. The
-- triggers at the end refuse anything else.

-- One to an appointment.
CREATE TABLE records_visit (
  id {id},
  appointment_id {i64} NOT NULL UNIQUE /*sqlite REFERENCES booking_appointment (id) */,
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  starts_at {i64} NOT NULL,
  opened_at {i64} NOT NULL,
  opened_by {i64} NOT NULL REFERENCES identity_user (id),
  closed_at {i64} CHECK (closed_at >= opened_at),
  closed_by {i64} REFERENCES identity_user (id),
  draft {text},
  version {i64} NOT NULL CHECK (version > 0),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CHECK (closed_at IS NULL OR draft IS NULL)
  /*pg , FOREIGN KEY (doctor_id, appointment_id) REFERENCES booking_appointment (doctor_id, id) */
){strict};
CREATE INDEX records_visit_patient ON records_visit (patient_id, starts_at, id);
CREATE INDEX records_visit_doctor ON records_visit (doctor_id, starts_at, id);
CREATE INDEX records_visit_hospital ON records_visit (hospital_id, starts_at, id);

-- What was found and done, as the doctor finished it. Number 1 came with the closing.
CREATE TABLE records_note (
  id {id},
  visit_id {i64} NOT NULL REFERENCES records_visit (id),
  number {i64} NOT NULL CHECK (number > 0),
  supersedes {i64} UNIQUE REFERENCES records_note (id),
  reason {text}, -- of a correction
  written_at {i64} NOT NULL,
  written_by {i64} NOT NULL REFERENCES identity_user (id),
  complaint {text},
  history {text},
  examination {text},
  notes {text},
  advice {text},
  temperature_c {real},
  pulse {i64},
  systolic {i64},
  diastolic {i64},
  respiration {i64},
  saturation {i64},
  weight_kg {real},
  height_cm {real},
  follow_up_on {text},
  follow_up_note {text},
  UNIQUE (visit_id, number),
  CHECK ((number = 1) = (supersedes IS NULL)),
  CHECK ((number = 1) = (reason IS NULL))
){strict};

CREATE TABLE records_diagnosis (
  note_id {i64} NOT NULL REFERENCES records_note (id),
  position {i64} NOT NULL CHECK (position > 0),
  code {text}, -- of ICD-10, without a dot; absent: only words
  words {text} NOT NULL,
  kind {text} NOT NULL CHECK (kind = 'primary' OR kind = 'secondary' OR kind = 'suspected'),
  PRIMARY KEY (note_id, position)
){strict_without_rowid};
CREATE INDEX records_diagnosis_code ON records_diagnosis (code, note_id) WHERE code IS NOT NULL;

CREATE TABLE records_allergy (
  id {id},
  supersedes {i64} UNIQUE REFERENCES records_allergy (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} REFERENCES directory_hospital (id), -- none of these three where it was brought from elsewhere
  doctor_id {i64} REFERENCES directory_doctor (id),
  recorded_at {i64} NOT NULL,
  recorded_by {i64} REFERENCES identity_user (id),
  substance {text} NOT NULL,
  reaction {text},
  severity {text} NOT NULL CHECK (severity IN ('unknown', 'mild', 'moderate', 'severe')),
  status {text} NOT NULL CHECK (status IN ('active', 'resolved', 'refuted')),
  reason {text}, -- of a correction
  source_key {text} UNIQUE, -- of what was brought from elsewhere
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK (recorded_by IS NOT NULL OR source_key IS NOT NULL)
){strict};
CREATE INDEX records_allergy_patient ON records_allergy (patient_id, recorded_at, id);

CREATE TABLE records_problem (
  id {id},
  supersedes {i64} UNIQUE REFERENCES records_problem (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} REFERENCES directory_hospital (id), -- none of these three where it was brought from elsewhere
  doctor_id {i64} REFERENCES directory_doctor (id),
  recorded_at {i64} NOT NULL,
  recorded_by {i64} REFERENCES identity_user (id),
  code {text},
  words {text} NOT NULL,
  began_on {text},
  status {text} NOT NULL CHECK (status IN ('active', 'resolved', 'refuted')),
  reason {text},
  source_key {text} UNIQUE, -- of what was brought from elsewhere
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK (recorded_by IS NOT NULL OR source_key IS NOT NULL)
){strict};
CREATE INDEX records_problem_patient ON records_problem (patient_id, recorded_at, id);

-- One without items withdraws the one that it supersedes.
CREATE TABLE records_prescription (
  id {id},
  supersedes {i64} UNIQUE REFERENCES records_prescription (id),
  visit_id {i64} NOT NULL REFERENCES records_visit (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  issued_at {i64} NOT NULL,
  issued_by {i64} NOT NULL REFERENCES identity_user (id),
  note {text},
  reason {text}, -- of a correction
  warnings {text}, -- what the doctor was warned of, a JSON list, and
  override_reason {text}, -- why it was prescribed all the same
  CHECK ((supersedes IS NULL) = (reason IS NULL)),
  CHECK ((warnings IS NULL) = (override_reason IS NULL))
){strict};
CREATE INDEX records_prescription_patient ON records_prescription (patient_id, issued_at, id);
CREATE INDEX records_prescription_doctor ON records_prescription (doctor_id, issued_at, id);
CREATE INDEX records_prescription_visit ON records_prescription (visit_id);

CREATE TABLE records_prescription_item (
  prescription_id {i64} NOT NULL REFERENCES records_prescription (id),
  position {i64} NOT NULL CHECK (position > 0),
  medicine {text} NOT NULL,
  dose {text} NOT NULL,
  frequency {text} NOT NULL,
  duration_days {i64} CHECK (duration_days > 0), -- absent: until further notice
  quantity {i64} NOT NULL CHECK (quantity > 0),
  instructions {text},
  PRIMARY KEY (prescription_id, position)
){strict_without_rowid};

CREATE TABLE records_referral (
  id {id},
  visit_id {i64} NOT NULL REFERENCES records_visit (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  to_speciality_id {i64} REFERENCES directory_speciality (id),
  to_doctor_id {i64} REFERENCES directory_doctor (id),
  to_hospital_id {i64} REFERENCES directory_hospital (id),
  urgency {text} NOT NULL CHECK (urgency IN ('routine', 'urgent', 'emergency')),
  reason {text} NOT NULL,
  made_at {i64} NOT NULL,
  made_by {i64} NOT NULL REFERENCES identity_user (id),
  CHECK (to_speciality_id IS NOT NULL OR to_doctor_id IS NOT NULL)
){strict};
CREATE INDEX records_referral_patient ON records_referral (patient_id, made_at, id);
CREATE INDEX records_referral_doctor ON records_referral (doctor_id, made_at, id);
CREATE INDEX records_referral_to ON records_referral (to_doctor_id, made_at, id) WHERE to_doctor_id IS NOT NULL;
CREATE INDEX records_referral_visit ON records_referral (visit_id);

-- What the laboratory is asked for; how far it is with that it keeps itself.
CREATE TABLE records_test_order (
  id {id},
  visit_id {i64} NOT NULL REFERENCES records_visit (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  code {text},
  name {text} NOT NULL,
  note {text},
  urgency {text} NOT NULL CHECK (urgency IN ('routine', 'urgent', 'emergency')),
  ordered_at {i64} NOT NULL,
  ordered_by {i64} NOT NULL REFERENCES identity_user (id)
){strict};
CREATE INDEX records_test_order_patient ON records_test_order (patient_id, ordered_at, id);
CREATE INDEX records_test_order_visit ON records_test_order (visit_id);

/*sqlite
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
*/
/*pg
CREATE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'records are corrected by new versions and never deleted'; END $$;
CREATE FUNCTION records_visit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL
      AND (NEW.closed_at IS DISTINCT FROM OLD.closed_at OR NEW.closed_by IS DISTINCT FROM OLD.closed_by)
      OR NEW.appointment_id IS DISTINCT FROM OLD.appointment_id OR NEW.doctor_id <> OLD.doctor_id
      OR NEW.hospital_id <> OLD.hospital_id OR NEW.patient_id <> OLD.patient_id THEN
    RAISE EXCEPTION 'a closed visit stays closed, and with whom it is';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_visit_stays BEFORE UPDATE ON records_visit FOR EACH ROW EXECUTE FUNCTION records_visit_refuse();
CREATE TRIGGER records_visit_remains BEFORE DELETE OR TRUNCATE ON records_visit
  FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
DO $$
DECLARE
  one text;
BEGIN
  FOREACH one IN ARRAY ARRAY['note', 'diagnosis', 'allergy', 'problem', 'prescription', 'prescription_item', 'referral',
      'test_order'] LOOP
    EXECUTE format('CREATE TRIGGER records_%1$s_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON records_%1$s
      FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()', one);
  END LOOP;
END $$;
*/
