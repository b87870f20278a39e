// The doctor outside a visit: the list of patients, a patient's history, referrals, and a record that opens in an
// emergency only, after it was said who will see it. By keyboard where it is quick.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, dateIn, makePatient, open, shot, signIn, tabTo, test } from './helpers.mjs';
import { bookAt, freeSlots, haveRoles, loginOf, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const today = dateIn(zone, Date.now());
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
after(close);

async function doctorPage(options) {
  const page = await open(options);
  await signIn(page, loginOf('doctor'));
  return page;
}

test('the doctor finds a patient by a part of the name and reads the history', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const doctor = loginOf('doctor').doctor_id;
  const [slot] = await freeSlots(doctor, plus(today, 1), plus(today, 2));
  const name = `Chandra Look${Date.now()}`;
  await bookAt(slot, doctor, name);
  const page = await doctorPage();
  await page.goto(`${base}/doc/today`);
  await page.getByRole('main').getByRole('link', { name: 'My patients' }).click();
  await page.getByRole('heading', { level: 1, name: 'My patients' }).waitFor();
  await tabTo(page, 'input[type=search]');
  await page.keyboard.type(name.slice(4).toUpperCase());
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?q=/);
  const line = page.locator('li', { has: page.getByRole('link', { name, exact: true }) });
  await line.waitFor();
  assert.equal(await page.locator('main li').count(), 1);
  await line.getByText('Next visit').waitFor();
  assert.deepEqual(await axe(page, 'patients'), []);
  await shot(page, 'doc-patients');
  await line.getByRole('link').press('Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.getByText('Nothing is on record yet').waitFor();
  assert.deepEqual(await axe(page, 'history'), []);
  await shot(page, 'doc-history');
  await page.goto(`${base}/doc/patients?q=zzzz`);
  await page.getByText('None of your patients bears this name').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a foreign record opens in an emergency: who will see it is said, and it is so', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const patient = await makePatient('Uma Unknown');
  const page = await doctorPage();
  await page.goto(`${base}/doc/patients`);
  await page.getByLabel('Patient number').fill(String(patient.id));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'This record is closed to you' }).waitFor();
  await page.getByText('Your hospital is told at once and reviews it.').waitFor();
  await page.getByText('The patient sees your name').waitFor();
  assert.equal(await page.getByText('Uma Unknown').count(), 0, 'nothing is told before');
  assert.deepEqual(await axe(page, 'emergency'), []);
  await shot(page, 'doc-emergency');
  await page.getByLabel('Why can it not wait?').fill('Unconscious after an accident');
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.getByRole('heading', { level: 1, name: 'Uma Unknown' }).waitFor();
  await page.getByText('Opened in an emergency').waitFor();
  assert.deepEqual(await axe(page, 'emergency opened'), []);
  await shot(page, 'doc-emergency-opened');
  assert.deepEqual(page.faults, []);

  const home = await open({ width: 390 });
  await signIn(home, patient);
  const { items } = await ask(home, '/api/me/record-accesses');
  assert.ok(items.some(({ purpose }) => purpose === 'emergency'));
});

test('referrals that were sent to the doctor lead to the patient', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const { doctor_id: doctor } = loginOf('doctor');
  const [slot] = await freeSlots(doctor, today, plus(today, 1));
  const name = `Ravi Refer${Date.now()}`;
  const booked = await bookAt(slot, doctor, name);
  const token = await tokenOf('doctor');
  const referral = { appointment_id: booked.id, to_doctor_id: doctor, reason: 'Second opinion on the rhythm' };
  const made = await api('POST', '/api/doctor/referrals', { token, body: referral, ok: false });
  if (made.status !== 201) return t.skip(`the visit is not open yet: ${made.data.code}`);
  const page = await doctorPage();
  await page.goto(`${base}/doc/referrals`);
  await page.getByRole('link', { name: 'Received' }).press('Enter');
  await page.waitForURL(/direction=received/);
  const line = page.locator('main li', { has: page.getByRole('link', { name, exact: true }) });
  await line.getByText('Second opinion on the rhythm').waitFor();
  assert.deepEqual(await axe(page, 'referrals'), []);
  await shot(page, 'doc-referrals');
  await line.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  assert.deepEqual(page.faults, []);
});
