-- Who acts for whom: a parent for a child. A link that has ended stays as a record.
CREATE TABLE identity_guardian (
  id {id},
  guardian_id {i64} NOT NULL REFERENCES identity_user (id),
  dependent_id {i64} NOT NULL REFERENCES identity_user (id),
  relation {text} NOT NULL CHECK (relation IN ('child', 'parent', 'spouse', 'sibling', 'other')),
  created_at {i64} NOT NULL,
  ended_at {i64},
  CHECK (guardian_id <> dependent_id)
){strict};
CREATE UNIQUE INDEX identity_guardian_one ON identity_guardian (guardian_id, dependent_id) WHERE ended_at IS NULL;
CREATE INDEX identity_guardian_dependent ON identity_guardian (dependent_id);
CREATE INDEX identity_guardian_guardian ON identity_guardian (guardian_id);
