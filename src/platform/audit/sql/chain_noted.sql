UPDATE platform_audit_chain SET noted_number = $2 WHERE id = $1 AND noted_number < $2
