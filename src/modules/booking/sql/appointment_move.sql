UPDATE booking_appointment SET hospital_id = $2, starts_at = $3, ends_at = $4, fee_minor = $5, currency = $6, version = version + 1
WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
