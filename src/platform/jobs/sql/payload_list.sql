-- scan: fairward check reads everything
SELECT payload FROM platform_job WHERE kind = $1
