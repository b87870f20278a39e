// The booking path as a newcomer walks it: search, choose, sign up, hold, pay, booked; and the ways it may go wrong.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, base, close, findFreeDay, makePatient, newLogin, open, shot, signIn, test } from './helpers.mjs';

after(close);

async function chooseFirstFree(page, { doctor, date }) {
  await page.goto(`${base}/d/${doctor.id}?on=${date}`);
  await page.locator('[data-at][data-status="free"]').first().click();
  return page.locator('[data-at][aria-pressed="true"]').first().getAttribute('data-at');
}
async function holdFirstFree(page, found) {
  const at = await chooseFirstFree(page, found);
  await page.getByRole('button', { name: 'Hold this time' }).click();
  await page.waitForURL(/\/book\/\d+/);
  return { at, id: page.url().match(/\/book\/(\d+)/)[1] };
}

test('a newcomer searches, signs up, holds, pays and is booked', async () => {
  const page = await open();
  await page.goto(base);
  await page.locator('article a[href*="at="]').first().waitFor();
  assert.match(await page.locator('[role=status]').filter({ hasText: 'doctor' }).innerText(), /\d+ doctors?/);
  await shot(page, 'search-light');

  await page.locator('article a[href*="at="]').first().click();
  await page.getByRole('button', { name: 'Hold this time' }).waitFor();
  await page.getByLabel('Reason for the visit (optional)').fill('Check-up');
  await shot(page, 'doctor-chosen-light');
  await page.getByRole('button', { name: 'Hold this time' }).click();

  await page.waitForURL(/\/login/);
  await page.getByLabel('Phone number, e-mail or logon id').fill(newLogin());
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Your name').fill('Nina Newcomer');
  await page.getByLabel('Choose a password').fill('short');
  await page.getByRole('button', { name: 'Sign up' }).click();
  await page.locator('input[name="password"][aria-invalid="true"]:focus').waitFor();
  await page.getByLabel('Choose a password').fill('a longer password');
  await shot(page, 'login-details-light');
  await page.getByRole('button', { name: 'Sign up' }).click();

  await page.waitForURL(/\/book\/\d+/);
  const id = page.url().match(/\/book\/(\d+)/)[1];
  await page.getByTestId('time-left').waitFor();
  const [minutes, seconds] = (await page.getByTestId('time-left').innerText()).split(':').map(Number);
  const hold = await ask(page, `/api/holds/${id}`);
  const left = (Date.parse(hold.expires_at) - Date.parse(hold.server_now)) / 1000;
  assert.ok(Math.abs(minutes * 60 + seconds - left) <= 3, `shows ${minutes}:${seconds}, the server says ${left} s`);
  await shot(page, 'book-light');

  await page.getByRole('button', { name: /^(Pay|Book)/ }).click();
  await page.waitForURL(/\/a\/\d+/, { timeout: 40_000 });
  await page.getByText('Appointment Successful').waitFor();
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'booked');
  await shot(page, 'appointment-light');

  await page.reload();
  await page.getByText('Appointment Successful').waitFor();
  await page.getByRole('link', { name: 'My bookings' }).click();
  await page.getByRole('heading', { name: 'Your next visit' }).waitFor();
  await shot(page, 'me-light');
  assert.deepEqual(page.faults, []);
});

test('a failed payment says so, keeps the time, and can be tried again', async () => {
  const page = await open();
  const patient = await makePatient();
  await signIn(page, patient);
  const { id } = await holdFirstFree(page, await findFreeDay());
  await page.getByLabel('The payment fails').check();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('The payment did not go through').waitFor({ timeout: 40_000 });
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'pending');
  await shot(page, 'book-failed-light');
  await page.getByLabel('The payment succeeds', { exact: true }).check();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.waitForURL(/\/a\/\d+/, { timeout: 40_000 });
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'booked');
  assert.deepEqual(page.faults, []);
});

test('a second hold is refused with the way back to the first, and a release frees the time', async () => {
  const page = await open();
  await signIn(page, await makePatient());
  const found = await findFreeDay();
  const first = await holdFirstFree(page, found);
  await chooseFirstFree(page, found);
  await page.getByRole('button', { name: 'Hold this time' }).click();
  await page.getByRole('link', { name: 'Go on with the time you hold' }).click();
  await page.waitForURL(new RegExp(`/book/${first.id}`));
  await page.getByRole('button', { name: 'Release this time' }).click();
  await page.waitForURL(/\/d\/\d+/);
  const { data } = await api('GET', `/api/doctors/${found.doctor.id}/slots?from=${found.date}&to=${found.date}`);
  assert.equal(data.items.find((s) => Date.parse(s.starts_at) === Date.parse(first.at))?.status, 'free');
});

test('a time that somebody else takes is shown as taken without a reload', async () => {
  const page = await open();
  const found = await findFreeDay();
  const at = await chooseFirstFree(page, found);
  const other = await makePatient();
  const slot = found.all.find((s) => Date.parse(s.starts_at) === Date.parse(at));
  const body = { doctor_id: found.doctor.id, hospital_id: slot.hospital_id, starts_at: slot.starts_at };
  const { data: hold } = await api('POST', '/api/holds', { token: other.token, body });
  await page.locator(`[data-at="${at}"][data-status="held"]`).waitFor({ timeout: 12_000 });
  await page.getByText('The time you chose is not free any more').waitFor();
  await shot(page, 'doctor-lost-light');
  await api('DELETE', `/api/holds/${hold.id}`, { token: other.token });
  await page.locator(`[data-at="${at}"][data-status="free"]`).waitFor({ timeout: 12_000 });
});

test('a booked appointment moves to another time and is cancelled', async () => {
  const page = await open();
  await signIn(page, await makePatient());
  const { id } = await holdFirstFree(page, await findFreeDay(4));
  await page.getByRole('button', { name: /^(Pay|Book)/ }).click();
  await page.waitForURL(/\/a\/\d+/, { timeout: 40_000 });
  const before = await ask(page, `/api/appointments/${id}`);
  await page.getByRole('button', { name: 'Change the time' }).click();
  await page.locator('[data-at][data-status="free"]').last().click();
  await page.getByRole('button', { name: /^Move to/ }).click();
  await page.getByText('The appointment has its new time.').waitFor();
  const moved = await ask(page, `/api/appointments/${id}`);
  assert.notEqual(moved.starts_at, before.starts_at);
  await page.getByRole('button', { name: 'Cancel the appointment' }).click();
  await shot(page, 'appointment-cancel-light', false);
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await page.getByText('This appointment was cancelled').waitFor();
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'cancelled');
  assert.deepEqual(page.faults, []);
});

test('the search is its URL: filters survive a reload and the way back', async () => {
  const page = await open();
  await page.goto(base);
  const chip = page.locator('ul button[aria-pressed]').first();
  await chip.click();
  await page.waitForURL(/spec=\d+/);
  await page.getByLabel('Sort by').selectOption('rating');
  await page.waitForURL(/sort=rating/);
  await page.reload();
  assert.equal(await page.getByLabel('Sort by').inputValue(), 'rating');
  await page.locator('ul button[aria-pressed="true"]').waitFor();
  await page.goBack();
  await page.waitForURL((url) => !url.search.includes('sort='));
});

test('a spelling mistake still finds, and says what it took it for', async () => {
  const page = await open();
  await page.goto(`${base}/?q=cardeologist`);
  await page.getByText('Did you mean').waitFor();
  await page.locator('article').first().waitFor();
});

test('an unknown page and an unknown doctor are told in words', async () => {
  const page = await open();
  await page.goto(`${base}/nowhere/at-all`);
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
  await page.goto(`${base}/d/999999999`);
  await page.getByRole('alert').waitFor();
});

test('offline is said at once', async () => {
  const page = await open();
  await page.goto(base);
  await page.locator('article').first().waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline.').waitFor();
  await page.context().setOffline(false);
});
