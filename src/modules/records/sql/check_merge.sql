-- Links are one deep: who is kept is not merged into somebody else.
-- scan: fairward check reads everything
SELECT m.id FROM records_merge m JOIN records_merge above ON above.merged_id = m.kept_id AND above.undone_at IS NULL
WHERE m.undone_at IS NULL ORDER BY m.id
