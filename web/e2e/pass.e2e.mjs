// The confirmation: told, shown with a code, kept for when there is no network, and gone with the sign-out.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, findFreeDay, makePatient, open, shot, signIn, test } from './helpers.mjs';

after(close);

async function booked(patient, found) {
  const slot = found.free.at(-1);
  const body = { doctor_id: found.doctor.id, hospital_id: slot.hospital_id, starts_at: slot.starts_at };
  const { data: hold } = await api('POST', '/api/holds', { token: patient.token, body });
  await api('POST', `/api/holds/${hold.id}/payments`, {
    token: patient.token,
    body: { method: 'sandbox', outcome: 'success' },
  });
  for (let i = 0; i < 60; i++) {
    if ((await api('GET', `/api/appointments/${hold.id}`, { token: patient.token })).data.status === 'booked') break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return hold.id;
}

test('a booked appointment can be read without a network, and says that it is the kept one', async () => {
  const page = await open({ width: 390, height: 844 });
  const patient = await makePatient('Olga Offline');
  await signIn(page, patient);
  const found = await findFreeDay(2);
  const id = await booked(patient, found);
  await page.goto(`${base}/a/${id}`);
  await page.getByRole('img', { name: `QR code of appointment ${id}` }).waitFor();
  // The worker keeps the program once there is something to show with it.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  assert.notEqual(await page.evaluate(async () => (await caches.keys()).length), 0);
  await page.context().setOffline(true);
  await page.goto(`${base}/a/${id}`);
  await page.getByText('You are offline – this is your kept confirmation').waitFor();
  await page.getByRole('img', { name: `QR code of appointment ${id}` }).waitFor();
  await page.getByText(found.doctor.name).waitFor();
  await page.locator('dt', { hasText: 'Address' }).waitFor();
  assert.equal(await page.getByText('Appointment Successful').count(), 0, 'only the server says that');
  assert.equal(await page.getByRole('button', { name: 'Cancel the appointment' }).count(), 0);
  const violations = await axe(page, 'pass');
  await shot(page, 'pass-offline-phone');
  await page.goto(`${base}/me`);
  await page.getByRole('heading', { name: 'Kept confirmations' }).waitFor();
  await shot(page, 'me-offline-phone');
  violations.push(...(await axe(page, 'me offline')));

  await page.context().setOffline(false);
  await page.goto(`${base}/me`);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
  await page.waitForFunction(() => localStorage.getItem('fairward.passes') === null);
  assert.deepEqual([...violations, ...page.faults], []);
});

test('a cancellation tells what becomes of the money before the press and after it', async () => {
  const page = await open();
  const patient = await makePatient('Rita Refund');
  await signIn(page, patient);
  const day = await findFreeDay(30);
  const id = await booked(patient, day);
  const { price, refund_until: until, starts_at } = await ask(page, `/api/appointments/${id}`);
  assert.ok(price.amount_minor > 0);
  assert.ok(Date.parse(until) < Date.parse(starts_at));
  await page.goto(`${base}/a/${id}`);
  await page.getByRole('button', { name: 'Cancel the appointment' }).click();
  const dialog = page.getByRole('dialog');
  const full = Date.parse(until) > Date.now();
  await dialog.getByText(full ? /back in full, because you cancel before/ : /is not given back/).waitFor();
  assert.deepEqual(await axe(page, 'cancel'), []);
  await shot(page, 'cancel-refund-light', false);
  await dialog.getByRole('button', { name: 'Yes, cancel it' }).click();
  await page.getByText('This appointment was cancelled').waitFor();
  if (full) await page.getByText(/Refund on its way|Refunded/).waitFor();
  assert.deepEqual(page.faults, []);
});

test('the confirmation is printed on one sheet with its code', async () => {
  const page = await open();
  const patient = await makePatient('Pia Print');
  await signIn(page, patient);
  const id = await booked(patient, await findFreeDay(4));
  await page.goto(`${base}/a/${id}`);
  await page.getByRole('img', { name: `QR code of appointment ${id}` }).waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button', { name: 'Print' }).isVisible(), false);
  assert.equal(await page.getByRole('img', { name: `QR code of appointment ${id}` }).isVisible(), true);
  await shot(page, 'print');
  const pdf = (await page.pdf({ format: 'A5' })).toString('latin1');
  assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1);
});
