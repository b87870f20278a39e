SELECT doctor_id, department_id, department_name FROM report_practice
WHERE hospital_id = $1 AND department_id IS NOT NULL
