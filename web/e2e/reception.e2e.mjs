// A morning at the reception: the desk works by keyboard alone, the wall shows numbers, the patient sees the own turn.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, axe, base, close, dateIn, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { freeSlots, haveRoles, loginOf, tirelessDoctor, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
after(close);

/** A doctor who works day and night, and two patients who are booked with that doctor today. */
async function twoBooked() {
  const { doctor, hospital } = await tirelessDoctor('Nadia', `Night${Date.now() % 1_000_000}`);
  const today = dateIn(zone, Date.now());
  const slots = await freeSlots(doctor.id, today, today);
  const token = await tokenOf('front_desk');
  const visits = [];
  for (const slot of slots.slice(0, 2)) {
    const patient = await makePatient(`Ravi Reception ${visits.length + 1}`);
    const body = { doctor_id: doctor.id, hospital_id: hospital, patient_id: patient.id, starts_at: slot.starts_at };
    visits.push({ patient, ...(await api('POST', '/api/appointments', { token, body })).data });
  }
  return { doctor, hospital, visits };
}

test('the desk says who is here and calls, by keyboard alone; wall and patient see it at once', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const { doctor, hospital, visits } = await twoBooked();
  if (visits.length < 2) return t.skip('the day is nearly over at the hospital');
  const wall = await open();
  await wall.goto(`${base}/display/${hospital}`);
  await wall.getByRole('heading', { level: 1 }).waitFor();

  const desk = await open();
  await signIn(desk, loginOf('front_desk'));
  await desk.goto(`${base}/desk?doctor=${doctor.id}`);
  const rows = visits.map(({ id }) => desk.locator(`[data-row="${id}"]`));
  await rows[1].waitFor();
  assert.deepEqual(await axe(desk, 'board'), []);
  await desk.getByLabel('Room to call to').fill('Room 7');
  await desk.keyboard.press('Escape');
  await desk.getByRole('heading', { level: 1 }).focus();
  await rows[1].focus();
  await desk.keyboard.press('a');
  await desk.getByText('Ravi Reception 2 is here: number 1').waitFor();
  await rows[0].focus();
  await desk.keyboard.press('a');
  await desk.getByText('Ravi Reception 1 is here: number 2').waitFor();

  const phone = await open({ width: 390, height: 844 });
  await signIn(phone, visits[0].patient);
  await phone.goto(`${base}/a/${visits[0].id}`);
  await phone.getByText('You are next').waitFor();

  const card = wall.locator('li').filter({ hasText: doctor.family_name ?? 'Night' });
  await card.getByText('2 · 1').waitFor();
  await rows[0].focus();
  await desk.keyboard.press('c');
  await desk.getByText('Called: number 2, Ravi Reception 1').waitFor();
  await phone.getByText('It is your turn').waitFor();
  await phone.getByText('Please go to Room 7.').waitFor();
  await card.getByText('Room 7').waitFor();
  assert.doesNotMatch(await wall.locator('main').innerText(), /Ravi/, 'nobody’s name hangs on the wall');
  assert.deepEqual(await axe(wall, 'wall'), []);
  await shot(desk, 'board');
  await shot(wall, 'wall');
  await shot(phone, 'own-turn');
  for (const page of [desk, wall, phone]) assert.deepEqual(page.faults, []);
});
