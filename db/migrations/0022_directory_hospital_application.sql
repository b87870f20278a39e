-- Hospitals that apply to be listed: who asked, and what the platform's administrator decided.

-- pending and refused ones are closed, too: neither found nor booked.
ALTER TABLE directory_hospital ADD COLUMN approval {text} NOT NULL DEFAULT 'approved' CHECK (approval IN ('approved', 'pending', 'refused'));

CREATE TABLE directory_hospital_application (
  hospital_id {i64} PRIMARY KEY REFERENCES directory_hospital (id),
  contact_name {text} NOT NULL,
  contact_email {text} NOT NULL,
  language {text} NOT NULL,
  applied_at {i64} NOT NULL,
  decided_at {i64},
  decided_by {i64},
  reason {text},
  is_invited {i64} NOT NULL DEFAULT 0 CHECK (is_invited IN (0, 1))
){strict};
CREATE INDEX directory_hospital_application_pending ON directory_hospital_application (applied_at) WHERE decided_at IS NULL;
