// Treatments as a file: asked for, made in the background while the page says how far it is, and fetched.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { axe, base, close, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf } from './roles.mjs';

after(close);

async function fetched(page) {
  await page.locator('[data-export][data-status="done"]').first().waitFor({ timeout: 30_000 });
  const coming = page.waitForEvent('download');
  await page
    .getByRole('button', { name: /^Download/ })
    .first()
    .click();
  const file = await coming;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('a patient takes the own treatments along, as a spreadsheet', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await open({ width: 390, height: 844 });
  await signIn(page, loginOf('patient'));
  await page.goto(`${base}/me/records`);
  await page.getByRole('link', { name: 'As a file' }).click();
  await page.getByRole('heading', { level: 1, name: 'Treatments as a file' }).waitFor();
  await page.getByText('No file yet').waitFor();
  await page.getByRole('button', { name: 'Make the file' }).click();
  const { name, bytes } = await fetched(page);
  assert.match(name, /\.xlsx$/);
  assert.equal(bytes.subarray(0, 2).toString(), 'PK');
  assert.deepEqual(await axe(page, 'exports'), []);
  await shot(page, 'exports-patient');
  assert.deepEqual(page.faults, []);
});

test('a hospital’s administrator asks for days, as CSV; days in the wrong order are said before', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await open();
  await signIn(page, loginOf('hospital_admin'));
  await page.goto(`${base}/admin/exports`);
  await page.getByLabel('Format').selectOption('csv');
  await page.getByLabel(/^From/).fill('2020-01-02');
  await page.getByLabel(/^Until/).fill('2020-01-01');
  await page.getByText('The end must not be before the beginning.').waitFor();
  await page.getByRole('button', { name: 'Make the file' }).click();
  assert.equal(await page.locator('[data-export]').count(), 0, 'nothing was asked for');
  await page.getByLabel(/^Until/).fill('2099-12-31');
  await page.getByRole('button', { name: 'Make the file' }).click();
  const { name, bytes } = await fetched(page);
  assert.match(name, /\.csv$/);
  assert.ok(bytes.toString('utf8').split('\r\n').length > 2, 'a head and the treatments');
  await shot(page, 'exports-admin');
  assert.deepEqual(page.faults, []);
});
