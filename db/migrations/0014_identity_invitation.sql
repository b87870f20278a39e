-- Who was asked to join, as what. The link is derived from the row; user_id: whom it became.
CREATE TABLE identity_invitation (
  id {id},
  role {text} NOT NULL CHECK (role IN ('patient', 'doctor', 'front_desk', 'ward_admin', 'hospital_admin', 'platform_admin')),
  name {text} NOT NULL,
  login {text} NOT NULL,
  hospital_id {i64} NOT NULL DEFAULT 0,
  doctor_id {i64} NOT NULL DEFAULT 0,
  nonce {text} NOT NULL,
  invited_by {i64} NOT NULL REFERENCES identity_user (id),
  created_at {i64} NOT NULL,
  expires_at {i64} NOT NULL,
  accepted_at {i64},
  withdrawn_at {i64},
  user_id {i64} REFERENCES identity_user (id)
){strict};
CREATE INDEX identity_invitation_hospital ON identity_invitation (hospital_id, id);
CREATE INDEX identity_invitation_invited_by ON identity_invitation (invited_by);
CREATE INDEX identity_invitation_user ON identity_invitation (user_id) WHERE user_id IS NOT NULL;
