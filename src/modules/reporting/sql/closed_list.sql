-- scan: one row for each hospital that has visits
SELECT hospital_id, time_zone, closed_before_on FROM reporting_hospital ORDER BY hospital_id
