-- scan: counted by the platform's administrators only, in an index of patients
SELECT count(*) FROM report_patient
