SELECT version FROM records_icd10_version WHERE id = 1
