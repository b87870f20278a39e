INSERT INTO records_icd10_version (id, version) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET version = records_icd10_version.version + 1
