// The whole booking without a pointer: day grid, times, sign-in, payment.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { ask, base, close, dateIn, findFreeDay, makePatient, open, shot, tabTo, test } from './helpers.mjs';

after(close);

test('a booking is made with the keyboard alone', async () => {
  const page = await open();
  const patient = await makePatient('Kim Keyboard');
  const found = await findFreeDay(2);
  await page.goto(`${base}/d/${found.doctor.id}`);
  await page.locator('[data-day]').first().waitFor();

  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');

  // One Tab stop for all days; the arrow keys walk to the wished one.
  await tabTo(page, '[data-day]');
  const today = dateIn(found.zone, Date.now());
  for (let i = 0; i < 14; i++) {
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-day'));
    if (focused === found.date) break;
    await page.keyboard.press(focused < found.date ? 'ArrowRight' : 'ArrowLeft');
  }
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('data-day')),
    found.date,
    `from ${today}`,
  );
  await page.keyboard.press('Enter');
  await page.locator(`td[aria-selected="true"] [data-day="${found.date}"]`).waitFor();
  await page.locator(`[data-at="${found.free[0].starts_at}"]`).waitFor();

  await tabTo(page, '[data-at]');
  await page.keyboard.press('Home');
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(() => document.activeElement?.getAttribute('data-status') === 'free')) break;
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Hold this time' }).waitFor();
  await shot(page, 'keyboard-slot-light', false);
  await tabTo(page, 'button', 'Hold this time');
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/login/);
  await tabTo(page, 'input[name="login"]');
  await page.keyboard.type(patient.login);
  await page.keyboard.press('Enter');
  await page.locator('input[name="password"]:focus').waitFor();
  await page.keyboard.type(patient.password);
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/book\/\d+/);
  const id = page.url().match(/\/book\/(\d+)/)[1];
  await page.getByRole('button', { name: /^(Pay|Book)/ }).waitFor();
  await tabTo(page, 'button[type="submit"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/a\/\d+/, { timeout: 40_000 });
  assert.equal((await ask(page, `/api/appointments/${id}`)).status, 'booked');
  // The new page is read from its heading.
  await page.locator('h1:focus', { hasText: 'Your appointment' }).waitFor();
  assert.deepEqual(page.faults, []);
});
