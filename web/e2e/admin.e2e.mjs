// What administrators look for and could not find: closed doctors and hospitals, people; and the day at midnight.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, dateIn, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { freeSlots, haveRoles, loginOf, tokenOf } from './roles.mjs';

after(close);

async function as(role, options) {
  const page = await open(options);
  await signIn(page, loginOf(role));
  return page;
}
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);

/** A hospital of our own with a doctor who works around the clock. */
async function hospitalIn(timeZone, tag) {
  const token = await tokenOf('platform_admin');
  const body = { name: `Clock Clinic ${tag}`, city_name: 'Clocktown', time_zone: timeZone };
  const { data: hospital } = await api('POST', '/api/hospitals', { token, body });
  const practice = { hospital_id: hospital.id, fee: { amount_minor: 50_000, currency: 'INR' } };
  const { data: doctor } = await api('POST', '/api/admin/doctors', {
    token,
    body: { given_name: 'Noor', family_name: `Midnight${tag}`, speciality: 'Neurologist', practices: [practice] },
  });
  const weekdays = [1, 2, 3, 4, 5, 6, 7];
  const shifts = [{ hospital_id: hospital.id, weekdays, starts: '00:00', ends: '24:00', slot_minutes: 10 }];
  await api('PUT', `/api/doctors/${doctor.id}/schedule`, { token, ifMatch: '"0"', body: { shifts } });
  return { token, hospital, doctor };
}

for (const timeZone of ['Asia/Kolkata', 'America/New_York'])
  test(`the day of a hospital in ${timeZone} ends at its own midnight, wherever it is looked at`, async (t) => {
    if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
    const tag = String(Date.now()).slice(-7);
    const { token, hospital, doctor } = await hospitalIn(timeZone, tag);
    const day = plus(dateIn(timeZone, Date.now()), 2);
    const slots = await freeSlots(doctor.id, plus(day, -1), plus(day, 1));
    const on = (date) => slots.filter(({ starts_at }) => dateIn(timeZone, starts_at) === date);
    const edges = {
      before: on(plus(day, -1)).at(-1),
      first: on(day)[0],
      last: on(day).at(-1),
      after: on(plus(day, 1))[0],
    };
    const booked = {};
    for (const [edge, slot] of Object.entries(edges)) {
      const patient = await makePatient(`Edge ${edge}`);
      const body = { doctor_id: doctor.id, starts_at: slot.starts_at, patient_id: patient.id };
      booked[edge] = (await api('POST', '/api/appointments', { token, body })).data.id;
    }
    for (const timezone of ['Asia/Kolkata', 'America/New_York']) {
      const page = await as('platform_admin', { timezone });
      await page.goto(`${base}/desk/day?h=${hospital.id}&on=${day}`);
      await page.locator(`[data-appointment="${booked.last}"]`).waitFor();
      const shown = await page
        .locator('[data-appointment]')
        .evaluateAll((rows) => rows.map((row) => Number(row.dataset.appointment)));
      assert.deepEqual(shown, [booked.first, booked.last], `seen from ${timezone}`);
      await page.getByText('00:00').first().waitFor();
      await page.getByText('23:50').first().waitFor();
      const listed = await ask(page, `/api/appointments?hospital_id=${hospital.id}&from=${day}&to=${day}`);
      assert.deepEqual(
        listed.items.map(({ id }) => id),
        shown,
      );
      await shot(page, `midnight-${timeZone.split('/')[1]}-${timezone.split('/')[1]}`, false);
      assert.deepEqual(page.faults, []);
    }
  });

test('a closed doctor is found by the administrator and brought back', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const { token, hospital, doctor } = await hospitalIn('Asia/Kolkata', String(Date.now()).slice(-7));
  const name = doctor.name;
  await api('PUT', `/api/doctors/${doctor.id}`, { token, ifMatch: `"${doctor.version}"`, body: { status: 'closed' } });
  assert.equal((await api('GET', `/api/doctors/${doctor.id}`, { ok: false })).status, 404);
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/doctors?h=${hospital.id}`);
  await page.getByText('Clock Clinic').first().waitFor();
  await page.getByLabel('State').selectOption({ label: 'Patients cannot book' });
  const line = page.locator('main li').filter({ hasText: name });
  await line.getByText('Closed', { exact: true }).waitFor();
  const found = await axe(page, 'doctors closed');
  await shot(page, 'admin-doctors-closed');
  await line.getByRole('button', { name: /^Bring back/ }).click();
  await page.getByText(`Patients can book ${name} again.`).waitFor();
  await page.getByText('Patients can book every doctor').waitFor();
  const profile = (await api('GET', `/api/doctors/${doctor.id}`)).data;
  assert.deepEqual([profile.status, profile.practices.length], ['active', 1]);
  assert.deepEqual([...found, ...page.faults], []);
});

test('a hospital is closed, shown as closed, and opened again', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const tag = String(Date.now()).slice(-7);
  const { hospital, doctor } = await hospitalIn('Asia/Kolkata', tag);
  const page = await as('platform_admin');
  const stateTo = async (label) => {
    await page.goto(`${base}/admin/hospitals/${hospital.id}`);
    await page.getByLabel('State').selectOption({ label });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  };
  await stateTo('Closed');
  await page.goto(`${base}/admin/hospitals?q=${encodeURIComponent(`Clock Clinic ${tag}`)}`);
  const line = page.locator('main li').filter({ hasText: hospital.name });
  await line.getByText('Closed', { exact: true }).waitFor();
  const found = await axe(page, 'hospitals closed');
  await shot(page, 'admin-hospitals-closed');
  const listed = async () => (await api('GET', `/api/hospitals?keyword=${tag}`)).data.items.length;
  assert.equal(await listed(), 0);
  assert.equal((await api('GET', `/api/doctors/${doctor.id}`, { ok: false })).status, 404);
  await stateTo('Open');
  assert.equal(await listed(), 1);
  assert.equal((await api('GET', `/api/doctors/${doctor.id}`)).data.practices.length, 1);
  assert.deepEqual([...found, ...page.faults], []);
});

test('people are found by name or login; the front desk reads only', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const desk = await as('front_desk');
  await desk.goto(`${base}/admin/users`);
  await desk.getByLabel(/^Part of the name/).fill('demo.d');
  await desk.keyboard.press('Enter');
  await desk.getByText('demo.desk').waitFor();
  await desk.locator('main li').nth(1).waitFor({ state: 'detached' });
  assert.equal(await desk.getByRole('button', { name: /New account|Disable|Approve/ }).count(), 0);
  await desk.evaluate(() => localStorage.setItem('fairward.language', 'hi'));
  await desk.reload();
  await desk.getByLabel(/^नाम का भाग/).waitFor();
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/users`);
  await page.getByLabel(/^Part of the name/).fill('demo pat');
  await page.keyboard.press('Enter');
  await page.getByText('demo.patient').waitFor();
  assert.match(page.url(), /q=demo/);
  assert.deepEqual([...desk.faults, ...page.faults], []);
});
