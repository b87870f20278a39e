-- scan: the zones of all hospitals are few words of a small table
SELECT DISTINCT time_zone FROM report_hospital ORDER BY time_zone
