UPDATE booking_appointment SET status = $2, ended_at = $3, end_reason = $4, version = version + 1 WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
