// The pages of those who work: the doctor's day and hours, the front desk by keyboard, the administrator.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { api, ask, base, close, dateIn, open, shot, signIn, test } from './helpers.mjs';
import { bookAt, freeSlots, haveRoles, loginOf, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const today = dateIn(zone, Date.now());
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
let doctor;

before(() => {
  doctor = loginOf('doctor')?.doctor_id;
});
after(close);

async function as(role, options) {
  const page = await open(options);
  await signIn(page, loginOf(role));
  return page;
}

test('the doctor sees the day and says who has arrived', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const [slot] = await freeSlots(doctor, plus(today, 1), plus(today, 2));
  const name = `Day ${Date.now()}`;
  const booked = await bookAt(slot, doctor, name);
  const day = dateIn(zone, slot.starts_at);
  const page = await as('doctor');
  await page.goto(`${base}/doc/today?on=${day}`);
  const row = page.locator(`[data-appointment="${booked.id}"]`);
  await row.getByText(name).waitFor();
  await page.getByText('India Standard Time').first().waitFor();
  await row.getByRole('button', { name: /^Arrived/ }).click();
  await page.locator(`[data-appointment="${booked.id}"][data-status="arrived"]`).waitFor();
  assert.equal((await ask(page, `/api/appointments/${booked.id}`)).status, 'arrived');
  assert.deepEqual(page.faults, []);
});

test('the doctor’s day is kept fresh: a booking appears without a reload', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const slots = await freeSlots(doctor, plus(today, 1), plus(today, 2));
  const slot = slots[3];
  const page = await as('doctor');
  await page.goto(`${base}/doc/today?on=${dateIn(zone, slot.starts_at)}`);
  await page.getByText('kept up to date').waitFor();
  const name = `Live ${Date.now()}`;
  await bookAt(slot, doctor, name);
  await page.getByText(name).waitFor({ timeout: 12_000 });
});

test('the doctor plans: new hours, and a leave that says whom it hits', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('doctor');
  await page.goto(`${base}/doc/schedule`);
  await page.getByRole('heading', { name: 'Weekly hours' }).waitFor();
  await page.getByLabel('Days ahead').fill('90');
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  assert.equal((await ask(page, `/api/doctors/${doctor}/schedule`)).max_booking_days, 90);

  const day = plus(today, 5);
  const [slot] = await freeSlots(doctor, day, day);
  await bookAt(slot, doctor, 'Hanna Hit');
  await page.reload();
  await page.getByLabel('Day', { exact: true }).fill(day);
  await page.getByText('1 booked visit falls into this time').waitFor();
  await shot(page, 'schedule-hit-light');
  await page.getByLabel('Reason (optional)').fill('Conference');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Conference').waitFor();
  assert.equal((await freeSlots(doctor, day, day)).length, 0);
  await page.getByRole('button', { name: /^Remove: / }).click();
  await page.getByText('No exceptions ahead').waitFor();
  assert.deepEqual(page.faults, []);
});

test('two who change the same hours: the slower one sees both and decides', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('hospital_admin');
  await page.goto(`${base}/admin/doctors/${doctor}/schedule`);
  await page.getByLabel('Shortest notice in minutes').fill('30');
  const token = await tokenOf('doctor');
  const now = await fetch(`${base}/api/doctors/${doctor}/schedule`);
  const schedule = await now.json();
  const body = {
    minimum_notice_minutes: 15,
    max_booking_days: schedule.max_booking_days,
    shifts: schedule.shifts.map(({ id, ...shift }) => shift),
  };
  const other = await fetch(`${base}/api/doctors/${doctor}/schedule`, {
    method: 'PUT',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${token}`,
      'If-Match': now.headers.get('etag'),
    },
    body: JSON.stringify(body),
  });
  assert.equal(other.status, 200);
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Somebody else changed this in the meantime').waitFor();
  await page.getByRole('row', { name: /Shortest notice in minutes 15 30/ }).waitFor();
  await shot(page, 'conflict-light');
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  assert.equal((await ask(page, `/api/doctors/${doctor}/schedule`)).minimum_notice_minutes, 30);
  await page.getByLabel('Shortest notice in minutes').fill('0');
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the front desk books for a caller by keyboard alone', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('front_desk');
  await page.goto(`${base}/desk/new`);
  const name = `Kira Keys ${Date.now()}`;
  await page.locator('input[type="search"]:focus').waitFor();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  // Nobody has this name: the telephone number is asked for at once.
  await page.locator('input[type="tel"]:focus').waitFor();
  await page.keyboard.type(`+9198${String(Date.now()).slice(-8)}`);
  await page.keyboard.press('Enter');
  await page.locator('section[aria-labelledby="step-2"] input[type="search"]:focus').waitFor();
  const { data } = await api('GET', `/api/doctors/${doctor}`);
  await page.keyboard.type(data.family_name);
  await page.keyboard.press('Enter');
  await page.locator('section[aria-labelledby="step-2"] li button:focus').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('button:focus', { hasText: 'Take the first free time' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('button:focus', { hasText: 'Book for' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Appointment number').waitFor();
  const id = Number((await page.getByRole('alert').innerText()).match(/number (\d+)/)[1]);
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'booked');
  await page.keyboard.press('Alt+n');
  await page.locator('input[type="search"]:focus').waitFor();
  // The desk adds and reads; it does not alter.
  await page.goto(`${base}/a/${id}`);
  await page.getByText('The front desk does not change what is booked').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Cancel the appointment' }).count(), 0);
  await page.goto(`${base}/desk/day`);
  await page.getByText('The front desk adds bookings and reads the day').waitFor();
  assert.deepEqual(page.faults, []);
});

test('the administrator makes a hospital, a department, a doctor and hours', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('platform_admin');
  const tag = String(Date.now()).slice(-6);
  await page.goto(`${base}/admin/hospitals`);
  await page.getByRole('link', { name: 'New hospital' }).click();
  await page.getByLabel('Name', { exact: true }).fill(`Hill Clinic ${tag}`);
  await page.getByLabel('City').fill('Shimla');
  await page.getByLabel('Time zone').fill('Nowhere/Land');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.locator('input[name="time_zone"][aria-invalid="true"]:focus').waitFor();
  await page.getByLabel('Time zone').fill('Asia/Kolkata');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: `Hill Clinic ${tag}` }).waitFor();
  const hospital = Number(page.url().split('/').pop());
  await page.getByLabel('New department').fill('Heart');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('Heart was added.').waitFor();

  await page.goto(`${base}/admin/doctors/new?h=${hospital}`);
  await page.getByLabel('Given name').fill('Asha');
  await page.getByLabel('Family name').fill(`Negi${tag}`);
  await page.getByLabel('Speciality').fill('Cardiologist');
  await page.getByLabel('Fee in INR').fill('750.50');
  await page.getByLabel('Department').selectOption('Heart');
  await page.getByRole('button', { name: 'Create and set the hours' }).click();
  await page.waitForURL(/\/admin\/doctors\/\d+\/schedule/);
  const id = Number(page.url().match(/doctors\/(\d+)/)[1]);
  await page.getByRole('button', { name: 'Add hours' }).click();
  await page.getByLabel('Until', { exact: true }).fill('08:00');
  await page.getByText('The end must be after the beginning.').waitFor();
  await page.getByLabel('Until', { exact: true }).fill('13:00');
  await page.getByRole('button', { name: 'Save the hours' }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  const profile = await ask(page, `/api/doctors/${id}`);
  assert.deepEqual(profile.practices[0].fee, { amount_minor: 75_050, currency: 'INR' });
  assert.ok(profile.practices[0].department_id, 'the department is kept');
  assert.ok((await freeSlots(id, plus(today, 1), plus(today, 7))).length > 50);

  // A change of the fee keeps the department.
  await page.getByRole('link', { name: 'Directory entry' }).click();
  await page.getByLabel('Fee in INR').fill('800');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  const after = await ask(page, `/api/doctors/${id}`);
  assert.equal(after.practices[0].fee.amount_minor, 80_000);
  assert.equal(after.practices[0].department_id, profile.practices[0].department_id);
  assert.deepEqual(page.faults, []);
});

test('the administrator approves a doctor who signed up, and disables an account', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const name = `Dr Wait ${Date.now()}`;
  const email = `wait.${Date.now()}@example.org`;
  await api('POST', '/api/auth/register', { body: { role: 'doctor', name, email, password: 'a longer password' } });
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/users?status=pending`);
  await page.getByRole('button', { name: new RegExp(`^Approve ?: ${name}$`) }).click();
  await page.getByText(`${name} was approved.`).waitFor();
  await page.getByLabel('State').selectOption('active');
  await page.getByLabel('Role').selectOption('doctor');
  await page.getByRole('button', { name: new RegExp(`^Disable ?: ${name}$`) }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await page.getByText(`${name} was disabled.`).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the palette goes to a page, a doctor and a patient; its keys are listed', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('front_desk');
  await page.goto(`${base}/desk/day`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What are you looking for?' }).waitFor();
  await page.keyboard.type('booking by');
  await page.getByRole('option', { name: /Booking by telephone/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/desk\/new/);

  const { data } = await api('GET', `/api/doctors/${doctor}`);
  await page.getByRole('button', { name: 'Search and commands (Ctrl K)' }).click();
  await page.keyboard.type(data.family_name);
  await page.getByRole('option', { name: new RegExp(data.name) }).click();
  await page.waitForURL(new RegExp(`/d/${doctor}`));
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('the reference is searched, opened by address and tried, with nothing from elsewhere', async () => {
  const page = await open();
  const elsewhere = [];
  page.on('request', (request) => !request.url().startsWith(base) && elsewhere.push(request.url()));
  await page.goto(`${base}/docs#hold_create`);
  await page.locator('#hold_create[open]').waitFor();
  await page.getByLabel('Find an operation').fill('booking.slots_free');
  await page.locator('#wait_create').waitFor();
  await page.getByLabel('Find an operation').fill('city_list');
  await page.locator('#city_list[open]').getByRole('button', { name: 'Send' }).click();
  await page.getByRole('region', { name: 'Answer' }).getByText('"items"').waitFor();
  assert.deepEqual([...elsewhere, ...page.faults], []);
});
