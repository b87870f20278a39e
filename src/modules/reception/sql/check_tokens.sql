-- scan: every day of every doctor is looked at
SELECT min(id) FROM reception_arrival GROUP BY doctor_id, hospital_id, arrived_on
HAVING max(token) <> count(*) ORDER BY 1
