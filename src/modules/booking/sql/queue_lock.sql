SELECT next_ticket, waiting, schedule_version FROM booking_doctor_queue WHERE doctor_id = $1 /*pg FOR UPDATE */
