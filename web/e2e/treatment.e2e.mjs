// A visit from the doctor's side and the patient's: written by keyboard, warned of an allergy, closed, read at home.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, axe, base, close, dateIn, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { freeSlots, haveRoles, tirelessDoctor, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const password = 'correct horse battery staple';
after(close);

/** A doctor with a login who works day and night, and a patient booked with that doctor within minutes. */
async function booked(name) {
  const family = `Visit${Date.now() % 1_000_000}`;
  const { doctor, hospital } = await tirelessDoctor('Vera', family);
  const login = `vera.${family.toLowerCase()}`;
  await api('POST', '/api/users', {
    token: await tokenOf('platform_admin'),
    body: { role: 'doctor', name: `Dr Vera ${family}`, login, password, doctor_id: doctor.id },
  });
  const today = dateIn(zone, Date.now());
  const tomorrow = dateIn(zone, Date.now() + 86_400_000);
  const [slot] = await freeSlots(doctor.id, today, tomorrow);
  const patient = await makePatient(name);
  const body = { doctor_id: doctor.id, hospital_id: hospital, patient_id: patient.id, starts_at: slot.starts_at };
  const { data: visit } = await api('POST', '/api/appointments', { token: await tokenOf('front_desk'), body });
  return { doctor: { login, password }, patient, visit };
}

test('a usual visit without the mouse, and what the patient finds at home', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const { doctor, patient, visit } = await booked('Nora Note');
  const page = await open({ width: 1360, height: 900 });
  await signIn(page, doctor);
  await page.goto(`${base}/doc/visit/${visit.id}`);
  await page.getByRole('heading', { level: 1, name: 'Nora Note' }).waitFor();
  assert.deepEqual(await axe(page, 'visit'), []);

  await page.getByRole('button', { name: '+ Allergy' }).press('Enter');
  await page.getByLabel('Allergy', { exact: true }).fill('Amoxicillin');
  await page.keyboard.press('Enter');
  await page.getByText('⚠ Amoxicillin').waitFor();

  await page.getByLabel('Complaint').fill('Sore throat for three days');
  await page.getByLabel('Temp °C').fill('38,4');
  await page.getByRole('combobox', { name: 'Diagnosis' }).fill('pharyngitis');
  await page.locator('[role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();

  const line = page.getByLabel('Medicine, strength, how often, how long');
  await line.fill('amox 500 tds 5d, after food');
  await line.press('Enter');
  await line.fill('pcm 650 sos 3d');
  await line.press('Enter');
  await page.getByRole('button', { name: 'Issue the prescription' }).press('Enter');
  await page.getByText('The record speaks against it').waitFor();
  await shot(page, 'visit-warned');
  await page.getByRole('button', { name: 'Remove Amoxicillin 500 mg' }).press('Enter');
  await line.fill('azithro 500 od 3d');
  await line.press('Enter');
  await page.getByRole('button', { name: /^Issue/ }).press('Enter');
  await page.getByText('Azithromycin 500 mg · 1 · once a day').waitFor();

  await page.getByLabel('Tests', { exact: true }).fill('Throat swab');
  await page.keyboard.press('Enter');
  await page.getByText('Test: Throat swab').waitFor();
  await page.getByRole('button', { name: 'in 7 days' }).press('Enter');
  await page.getByLabel('Advice for the patient').fill('Drink a lot. Rest.');
  await shot(page, 'visit');
  assert.ok(
    await page.evaluate(() => document.querySelector('footer').getBoundingClientRect().top > 0),
    'the page is there',
  );
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: 'Back to my day' }).waitFor();
  assert.deepEqual(await axe(page, 'visit closed'), []);
  assert.deepEqual(page.faults, []);

  const home = await open({ width: 390, height: 844 });
  await signIn(home, patient);
  await home.goto(`${base}/me/records`);
  await home.getByText('Azithromycin 500 mg').first().waitFor();
  await home
    .getByRole('cell', { name: /Dr Vera/ })
    .first()
    .waitFor();
  assert.deepEqual(await axe(home, 'records'), []);
  await shot(home, 'records');
  await home.locator('ol a[href^="/prescriptions/"]').first().click();
  await home.getByText('Paracetamol 650 mg').waitFor();
  assert.deepEqual(await axe(home, 'prescription'), []);
  await shot(home, 'prescription');
  assert.deepEqual(home.faults, []);
});

test('two windows on one visit: the second is told, and loses nothing silently', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const { doctor, visit } = await booked('Tara Two');
  const [one, two] = [await open(), await open()];
  for (const page of [one, two]) {
    await signIn(page, doctor);
    await page.goto(`${base}/doc/visit/${visit.id}`);
    await page.getByLabel('Complaint').waitFor();
  }
  await one.getByLabel('Complaint').fill('Headache');
  await one.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  await two.getByLabel('Complaint').fill('Cough');
  await two.getByText('This visit was changed in another window').waitFor();
  assert.equal(await two.getByLabel('Complaint').inputValue(), 'Cough');
  await two.getByRole('button', { name: 'Read it again' }).click();
  await two.waitForFunction(() => [...document.querySelectorAll('textarea')].some((t) => t.value === 'Headache'));
});
