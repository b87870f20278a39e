-- All who are one person with this one.
SELECT kept_id FROM report_merge WHERE merged_id = $1
UNION SELECT merged_id FROM report_merge WHERE kept_id = $1
UNION SELECT other.merged_id FROM report_merge own JOIN report_merge other ON other.kept_id = own.kept_id WHERE own.merged_id = $1
