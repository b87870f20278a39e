-- The record of who did what to whom: chains of sealed blocks, never changed. See platform/audit.

-- One to a writer and start of the program; what is in its row is sealed with its first block.
CREATE TABLE platform_audit_chain (
  id {id},
  node {i64} NOT NULL,
  began_at {i64} NOT NULL,
  key_id {text} NOT NULL,
  noted_number {i64} NOT NULL DEFAULT 0 -- how far another block says of this chain where it ended
){strict};

-- What the calls of one commit did: a line of JSON for each.
CREATE TABLE platform_audit_block (
  chain_id {i64} NOT NULL,
  number {i64} NOT NULL CHECK (number > 0),
  at {i64} NOT NULL,
  entries {text} NOT NULL,
  seal {text} NOT NULL,
  PRIMARY KEY (chain_id, number)
){strict_without_rowid};

CREATE INDEX platform_audit_block_at ON platform_audit_block (at, chain_id, number);

-- Against mistakes; against forgery there is the seal.
/*sqlite
CREATE TRIGGER platform_audit_block_stays BEFORE UPDATE ON platform_audit_block
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
CREATE TRIGGER platform_audit_block_remains BEFORE DELETE ON platform_audit_block
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
*/
/*pg
CREATE FUNCTION platform_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit record is append-only'; END $$;
CREATE TRIGGER platform_audit_block_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON platform_audit_block
  FOR EACH STATEMENT EXECUTE FUNCTION platform_audit_refuse();
*/
