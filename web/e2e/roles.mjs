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

export async function freeSlots(doctor, from, to) {
  const { data } = await api('GET', `/api/doctors/${doctor}/slots?from=${from}&to=${to}`);
  return data.items.filter((slot) => slot.status === 'free');
}
