-- Where the record tells of a patient what somebody else did or saw: an index over the blocks, made from them and made
-- anew at any time (fairward audit index). What patients do themselves is not in it, so booking costs no row.
CREATE TABLE platform_audit_patient (
  patient_id {i64} NOT NULL,
  at {i64} NOT NULL,
  chain_id {i64} NOT NULL,
  number {i64} NOT NULL,
  PRIMARY KEY (patient_id, at, chain_id, number)
){strict_without_rowid};

-- Chains from before the index are in it once it was made anew.
ALTER TABLE platform_audit_chain ADD COLUMN is_indexed {i64} NOT NULL DEFAULT 0 CHECK (is_indexed IN (0, 1));
