-- The codes of diagnoses that were imported: small, and in memory while the program runs.
CREATE TABLE records_icd10 (
  code {text} NOT NULL PRIMARY KEY CHECK (length(code) BETWEEN 3 AND 7), -- without the dot
  words {text} NOT NULL CHECK (length(words) BETWEEN 1 AND 400)
){strict_without_rowid};

-- Which list that is: grows with each import, so that memory knows that it is behind.
CREATE TABLE records_icd10_version (
  id {i64} NOT NULL PRIMARY KEY CHECK (id = 1),
  version {i64} NOT NULL
){strict};
