UPDATE identity_api_key SET per_minute = $2, per_day = $3 WHERE id = $1
