-- Files that people have asked for. Rows are read page by page, each page stored with how far the export is; the file is
-- given out from the pages, so that any node can.

-- kind: whose treatments the sources are. hospital_id: of this hospital only; 0: of every one. source_id, after_…: up to
-- where the pages are done. total: as counted at the beginning. expires_at: when the file is removed.
CREATE TABLE reporting_export (
  id {id},
  user_id {i64} NOT NULL,
  role {text} NOT NULL,
  kind {text} NOT NULL CHECK (kind IN ('patient', 'doctor', 'hospital')),
  hospital_id {i64} NOT NULL,
  format {text} NOT NULL CHECK (format IN ('csv', 'xlsx')),
  status {text} NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed', 'expired')),
  from_at {i64} NOT NULL,
  to_at {i64} NOT NULL,
  source_id {i64} NOT NULL,
  after_at {i64} NOT NULL,
  after_id {i64} NOT NULL,
  is_read {i64} NOT NULL CHECK (is_read IN (0, 1)),
  done {i64} NOT NULL,
  total {i64} NOT NULL,
  created_at {i64} NOT NULL,
  expires_at {i64},
  error {text},
  CHECK ((status = 'done' OR status = 'expired') = (expires_at IS NOT NULL))
){strict};
CREATE INDEX reporting_export_user ON reporting_export (user_id, id);
CREATE INDEX reporting_export_expires ON reporting_export (expires_at) WHERE status = 'done';

-- Patients, a doctor or hospitals, read in the order of their ids.
CREATE TABLE reporting_export_source (
  export_id {i64} NOT NULL REFERENCES reporting_export (id),
  source_id {i64} NOT NULL,
  PRIMARY KEY (export_id, source_id)
){strict_without_rowid};

-- Of whom the rows tell.
CREATE TABLE reporting_export_subject (
  export_id {i64} NOT NULL REFERENCES reporting_export (id),
  patient_id {i64} NOT NULL,
  PRIMARY KEY (export_id, patient_id)
){strict_without_rowid};

-- Of a CSV file its text. Of a spreadsheet its rows, and when all are there the parts of the file in their place, base64.
CREATE TABLE reporting_export_page (
  export_id {i64} NOT NULL REFERENCES reporting_export (id),
  number {i64} NOT NULL,
  content {text} NOT NULL,
  PRIMARY KEY (export_id, number)
){strict_without_rowid};
