-- What patients say of finished visits: one review a visit. A hidden one counts for nothing.

CREATE TABLE reviews_review (
  id {id},
  appointment_id {i64} NOT NULL UNIQUE /*sqlite REFERENCES booking_appointment (id) */,
  doctor_id {i64} NOT NULL REFERENCES directory_doctor (id),
  hospital_id {i64} NOT NULL REFERENCES directory_hospital (id),
  patient_id {i64} NOT NULL REFERENCES identity_user (id),
  author {text} NOT NULL,
  rating {i64} NOT NULL CHECK (rating BETWEEN 1 AND 5),
  words {text},
  visited_at {i64} NOT NULL,
  created_at {i64} NOT NULL,
  changed_at {i64},
  is_hidden {i64} NOT NULL CHECK (is_hidden IN (0, 1)),
  hidden_reason {text},
  version {i64} NOT NULL
  /*pg , FOREIGN KEY (doctor_id, appointment_id) REFERENCES booking_appointment (doctor_id, id) */
){strict};
CREATE INDEX reviews_review_doctor ON reviews_review (doctor_id, id) WHERE is_hidden = 0;
CREATE INDEX reviews_review_hospital ON reviews_review (hospital_id, id);
CREATE INDEX reviews_review_patient ON reviews_review (patient_id, id);
