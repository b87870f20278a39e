-- Allergies and problems that supersede those of somebody else, or later ones.
-- scan: fairward check reads everything
SELECT a.id FROM records_allergy a JOIN records_allergy o ON o.id = a.supersedes
WHERE o.patient_id <> a.patient_id OR o.recorded_at > a.recorded_at
UNION ALL
SELECT p.id FROM records_problem p JOIN records_problem o ON o.id = p.supersedes
WHERE o.patient_id <> p.patient_id OR o.recorded_at > p.recorded_at
