-- Referrals and orders of tests are corrected by new versions too, like all that is finished; and the desk finds whom to
-- ask to come again.

ALTER TABLE records_referral ADD COLUMN supersedes {i64} REFERENCES records_referral (id);
ALTER TABLE records_referral ADD COLUMN correction_reason {text}
  CHECK ((supersedes IS NULL) = (correction_reason IS NULL));
ALTER TABLE records_referral ADD COLUMN is_withdrawn {i64} NOT NULL DEFAULT 0 CHECK (is_withdrawn IN (0, 1));
CREATE UNIQUE INDEX records_referral_supersedes ON records_referral (supersedes);

ALTER TABLE records_test_order ADD COLUMN supersedes {i64} REFERENCES records_test_order (id);
ALTER TABLE records_test_order ADD COLUMN correction_reason {text}
  CHECK ((supersedes IS NULL) = (correction_reason IS NULL));
ALTER TABLE records_test_order ADD COLUMN is_withdrawn {i64} NOT NULL DEFAULT 0 CHECK (is_withdrawn IN (0, 1));
CREATE UNIQUE INDEX records_test_order_supersedes ON records_test_order (supersedes);

CREATE INDEX records_note_follow_up ON records_note (follow_up_on, id) WHERE follow_up_on IS NOT NULL;
