-- scan: memory is filled with it
SELECT code, words FROM records_icd10 ORDER BY code
