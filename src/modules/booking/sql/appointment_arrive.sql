-- adds: the arrival, of which this word tells; the front desk may add it
UPDATE booking_appointment SET status = 'arrived', version = version + 1 WHERE id = $1 /*pg AND doctor_id = $1 >> 26 */
