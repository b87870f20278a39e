-- scan: fairward check reads everything
SELECT DISTINCT day_on FROM reporting_change WHERE hospital_id = $1
