-- Where the record tells of somebody who works here, of a hospital, or of what was refused: an index over the blocks, as
-- that by patient (0071), made from them and made anew at any time. What patients do themselves is not in it.
CREATE TABLE platform_audit_mark (
  kind {i64} NOT NULL CHECK (kind IN (1, 2, 3)), -- 1: done by, or tried on the account of; 2: at the hospital; 3: refused
  ref {i64} NOT NULL, -- the user; the hospital; 0
  at {i64} NOT NULL,
  chain_id {i64} NOT NULL,
  number {i64} NOT NULL,
  PRIMARY KEY (kind, ref, at, chain_id, number)
){strict_without_rowid};

-- Chains from before are marked once that was made anew.
ALTER TABLE platform_audit_chain ADD COLUMN is_marked {i64} NOT NULL DEFAULT 0 CHECK (is_marked IN (0, 1));
