-- What others may read of the directory and of how many people there are.
CREATE VIEW report_hospital AS SELECT id, name, time_zone, is_active FROM directory_hospital;

CREATE VIEW report_doctor AS
SELECT id, full_name, CASE WHEN status = 'active' THEN 1 ELSE 0 END AS is_active FROM directory_doctor;

CREATE VIEW report_practice AS
SELECT p.doctor_id, p.hospital_id, p.department_id, d.name AS department_name,
  CASE WHEN p.is_active = 1 AND o.status = 'active' THEN 1 ELSE 0 END AS is_active
FROM directory_practice p
JOIN directory_doctor o ON o.id = p.doctor_id
LEFT JOIN directory_department d ON d.id = p.department_id;

CREATE VIEW report_patient AS SELECT id, hospital_id FROM identity_user WHERE role = 'patient';
