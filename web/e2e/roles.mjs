// The people of the other tests: one login of every role, from the server's demo.
//   FAIRWARD_LOGINS   JSON list of {role, login, password, doctor_id?, hospital_id?}; tests/lib/with_world.mjs sets it
import { api } from './helpers.mjs';

const logins = JSON.parse(process.env.FAIRWARD_LOGINS ?? '[]');
export const loginOf = (role) => logins.find((entry) => entry.role === role);
export const haveRoles = logins.length > 0;

export async function tokenOf(role) {
  const { login, password } = loginOf(role);
  return (await api('POST', '/api/auth/login', { body: { login, password } })).data.access_token;
}

/** Books for a patient of its own, as the front desk does. */
export async function bookAt(slot, doctor, name = 'Petra Portal') {
  const token = await tokenOf('front_desk');
  const { data: patient } = await api('POST', '/api/patients', { token, body: { name } });
  const body = { doctor_id: doctor, hospital_id: slot.hospital_id, starts_at: slot.starts_at, patient_id: patient.id };
  return (await api('POST', '/api/appointments', { token, body })).data;
}

/** A doctor of the logins' hospital who works day and night: {doctor, hospital}. */
export async function tirelessDoctor(givenName, familyName) {
  const token = await tokenOf('platform_admin');
  const hospital = loginOf('front_desk').hospital_id;
  const { data: doctor } = await api('POST', '/api/doctors', {
    token,
    body: {
      title: 'Dr',
      given_name: givenName,
      family_name: familyName,
      speciality: 'Cardiologist',
      practices: [{ hospital_id: hospital, fee: { amount_minor: 50_000, currency: 'INR' } }],
    },
  });
  const shift = {
    hospital_id: hospital,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    slot_minutes: 5,
    starts: '00:00',
    ends: '24:00',
  };
  await api('PUT', `/api/doctors/${doctor.id}/schedule`, {
    token,
    ifMatch: '"0"',
    body: { minimum_notice_minutes: 0, shifts: [shift] },
  });
  return { doctor, hospital };
}

export async function freeSlots(doctor, from, to) {
  const { data } = await api('GET', `/api/doctors/${doctor}/slots?from=${from}&to=${to}`);
  return data.items.filter((slot) => slot.status === 'free');
}
