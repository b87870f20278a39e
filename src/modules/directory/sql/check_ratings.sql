-- scan: fairward check reads everything
SELECT id, rating_sum, rating_count FROM directory_doctor WHERE rating_count <> 0 OR rating_sum <> 0 ORDER BY id
