-- A hospital may close: it keeps its past and its people, and nobody finds or books it any more.
ALTER TABLE directory_hospital ADD COLUMN is_active {i64} NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
