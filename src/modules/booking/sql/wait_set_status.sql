UPDATE booking_wait SET status = $2, appointment_id = $3, ended_at = $4, version = version + 1 WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
