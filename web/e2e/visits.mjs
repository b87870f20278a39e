// A visit that is over: a doctor of our own whose hours begin at once, that is within five minutes, for schedules are
// kept in steps of five.
import { api, dateIn, makePatient } from './helpers.mjs';
import { freeSlots, loginOf, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const gridMs = 5 * 60_000;
const clock = (instant) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A visit at the hospital of the logins that begins at once; `finish` waits for its beginning and closes it. */
export async function visitNow(name) {
  const admin = await tokenOf('platform_admin');
  const hospital = loginOf('hospital_admin').hospital_id;
  const { data: doctor } = await api('POST', '/api/doctors', {
    token: admin,
    body: {
      title: 'Dr',
      given_name: 'Rita',
      family_name: `Review${Date.now() % 1_000_000}`,
      speciality: 'Cardiologist',
      practices: [{ hospital_id: hospital, fee: { amount_minor: 50_000, currency: 'INR' } }],
    },
  });
  const from = (Math.floor((Date.now() + 10_000) / gridMs) + 1) * gridMs;
  const [on, ends] = [dateIn(zone, from), clock(from + gridMs)];
  const hours = { hospital_id: hospital, weekdays: [1, 2, 3, 4, 5, 6, 7], slot_minutes: 5 };
  await api('PUT', `/api/doctors/${doctor.id}/schedule`, {
    token: admin,
    ifMatch: '"0"',
    body: {
      minimum_notice_minutes: 0,
      shifts: [{ ...hours, starts: clock(from), ends: ends === '00:00' ? '24:00' : ends }],
    },
  });
  const [slot] = await freeSlots(doctor.id, on, on);
  const patient = await makePatient(name);
  const body = { doctor_id: doctor.id, hospital_id: hospital, patient_id: patient.id, starts_at: slot.starts_at };
  const { data: visit } = await api('POST', '/api/appointments', { token: await tokenOf('front_desk'), body });
  const finish = async () => {
    await pause(Math.max(0, from - Date.now()) + 500);
    await api('PUT', `/api/appointments/${visit.id}`, { token: admin, body: { status: 'fulfilled' } });
  };
  return { doctor, patient, visit, finish };
}
