// What happens when the time to pay runs out. Needs a server whose holds last at most a minute
// (the mock with HOLD_SECONDS=12 GRACE_SECONDS=2); with longer holds the tests are skipped, visibly.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { ask, axe, base, close, findFreeDay, makePatient, open, shot, signIn, test } from './helpers.mjs';

const holdSecondsMax = 60;
after(close);

async function holdOne(page) {
  await signIn(page, await makePatient('Ed Expired'));
  const found = await findFreeDay(3);
  await page.goto(`${base}/d/${found.doctor.id}?on=${found.date}`);
  await page.locator('[data-at][data-status="free"]').first().click();
  await page.getByRole('button', { name: 'Hold this time' }).click();
  await page.waitForURL(/\/book\/\d+/);
  const id = page.url().match(/\/book\/(\d+)/)[1];
  const hold = await ask(page, `/api/holds/${id}`);
  const seconds = (Date.parse(hold.expires_at) - Date.parse(hold.server_now)) / 1000;
  return { id, seconds };
}
const patience = { timeout: (holdSecondsMax + 30) * 1000 };

test('a hold that runs out says so, keeps nothing from the user, and can be taken again', async (t) => {
  const page = await open();
  const { id, seconds } = await holdOne(page);
  if (seconds > holdSecondsMax) return t.skip(`holds last ${Math.round(seconds)} s here`);
  await page.getByText('The time to pay ran out').waitFor(patience);
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'expired');
  await page.getByText('You have not been charged.').waitFor();
  await shot(page, 'book-expired-light');
  assert.deepEqual(await axe(page, 'expired'), []);
  await page.getByRole('button', { name: 'Hold this time again' }).click();
  await page.waitForURL((url) => /\/book\/\d+/.test(url.pathname) && !url.pathname.endsWith(`/${id}`));
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.waitForURL(/\/a\/\d+/, patience);
  assert.deepEqual(page.faults, []);
});

test('a payment that comes after the hold ends as booked or as refunded, and the page says which', async (t) => {
  const page = await open();
  const { id, seconds } = await holdOne(page);
  if (seconds > holdSecondsMax) return t.skip(`holds last ${Math.round(seconds)} s here`);
  await page.getByLabel('The payment succeeds too late').check();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.getByText('Waiting for the payment to be confirmed').waitFor();
  await shot(page, 'book-paying-light');
  await page
    .getByText(/Your payment is still under way|Appointment Successful|given back/)
    .first()
    .waitFor(patience);
  await shot(page, 'book-late-light');
  await page
    .getByText(/Appointment Successful|given back|on its way back/)
    .first()
    .waitFor(patience);
  const { status, payment } = await ask(page, `/api/appointments/${id}`);
  assert.ok(status === 'booked' || /refund/.test(payment.status), `${status}, payment ${payment.status}`);
  assert.deepEqual(page.faults, []);
});
