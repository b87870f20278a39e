\set slot random(1, 1000000)
\set patient random(1, 1000)
BEGIN;
UPDATE slot SET held_by = :patient WHERE id = :slot AND held_by IS NULL;
INSERT INTO hold (slot_id, patient_id, at) VALUES (:slot, :patient, 1800000000000);
END;
