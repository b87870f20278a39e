// Who did what: found, filtered in the address, in words; and why somebody was denied something.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, axe, base, close, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf, tokenOf } from './roles.mjs';

after(close);

async function as(role, options) {
  const page = await open(options);
  await signIn(page, loginOf(role));
  return page;
}

test('an administrator reads who saw what, and why somebody was refused', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const patient = await makePatient('Seen Person');
  const token = await tokenOf('platform_admin');
  await api('GET', `/api/patients/${patient.id}`, { token });
  await api('GET', '/api/users', { token: patient.token, ok: false }); // refused
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/audit?patient=${patient.id}`);
  await page.getByText(`read about patient ${patient.id}`).first().waitFor();
  assert.deepEqual(await axe(page, 'audit'), []);
  await shot(page, 'audit');
  await page.getByLabel('Outcome').selectOption('refused');
  await page.waitForURL(/outcome=refused/);
  await page.getByText('Nothing of the kind on record').waitFor();
  await page.goto(`${base}/admin/audit?outcome=refused`);
  await page.getByText('tried to read and was refused').first().waitFor({ timeout: 20_000 });

  await page.getByRole('searchbox', { name: /Name, phone, e-mail/ }).fill('Seen Person');
  await page.keyboard.press('Enter');
  await page.getByLabel('Person', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Operation' }).selectOption('user_list');
  await page.getByText('Refused: Patient has no right to it.').waitFor();
  await page.getByRole('combobox', { name: 'Operation' }).selectOption('hold_create');
  await page.getByText('Allowed: Patient has the right.').waitFor();
  assert.deepEqual(await axe(page, 'audit-why'), []);
  await shot(page, 'audit-why');
  assert.deepEqual(page.faults, []);
});

test('in Hindi, in the dark, on a telephone', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('hospital_admin', { width: 390, height: 844, scheme: 'dark' });
  await page.evaluate(() => localStorage.setItem('fairward.language', 'hi'));
  await page.goto(`${base}/admin/audit`);
  await page.getByRole('heading', { name: 'किसने क्या किया' }).waitFor();
  await page.getByText('आपके अस्पताल में क्या हुआ').waitFor();
  assert.deepEqual(await axe(page, 'audit-hindi'), []);
  await shot(page, 'audit-hindi');
  assert.equal(await page.getByRole('heading', { name: 'यह क्यों मना किया गया?' }).count(), 0);
});
