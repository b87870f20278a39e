INSERT INTO reporting_day (hospital_id, day_on, appointments, fulfilled, cancelled, no_shows, arrived, hours, doctors,
  waits, money)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (hospital_id, day_on) DO UPDATE SET appointments = excluded.appointments, fulfilled = excluded.fulfilled,
  cancelled = excluded.cancelled, no_shows = excluded.no_shows, arrived = excluded.arrived, hours = excluded.hours,
  doctors = excluded.doctors, waits = excluded.waits, money = excluded.money
