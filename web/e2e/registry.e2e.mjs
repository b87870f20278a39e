// Who a patient is: numbers are given by the desk, two entries of one person are found, merged, and taken apart again.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, axe, base, close, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf, tokenOf } from './roles.mjs';

after(close);

test('the desk gives a record number and sees a double; the administrator merges and undoes', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const token = await tokenOf('front_desk');
  const name = `Dora Double${Date.now() % 1_000_000}`;
  const body = { name, birth_on: '1984-05-06', sex: 'female' };
  const { data: first } = await api('POST', '/api/patients', { token, body });
  const { data: second } = await api('POST', '/api/patients', { token, body });

  const desk = await open();
  await signIn(desk, loginOf('front_desk'));
  await desk.goto(`${base}/desk/new?p=${first.id}`);
  await desk.getByRole('link', { name: 'Entry and numbers' }).click();
  await desk.getByRole('heading', { level: 1, name }).waitFor();
  await desk.getByRole('button', { name: 'Give the next record number' }).click();
  await desk.locator('[data-identifier]').waitFor();
  const double = desk.locator(`[data-double="${second.id}"]`);
  await double.getByText('The same: date of birth, name').waitFor();
  assert.equal(await desk.getByRole('button', { name: /^(Merge|It was wrong)/ }).count(), 0, 'the desk alters nothing');
  assert.deepEqual(await axe(desk, 'registry desk'), []);

  const page = await open();
  await signIn(page, loginOf('hospital_admin'));
  await page.goto(`${base}/desk/patients/${first.id}`);
  await page
    .locator(`[data-double="${second.id}"]`)
    .getByRole('button', { name: /^Merge/ })
    .click();
  await page.getByLabel('How do you know?').fill('Same passport shown');
  assert.deepEqual(await axe(page, 'registry merge'), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Merge' }).click();
  await page.locator('[data-merge]').getByText('Same passport shown').waitFor();
  assert.equal(await page.locator(`[data-double="${second.id}"]`).count(), 0);
  await shot(page, 'registry');
  await page.goto(`${base}/desk/patients/${second.id}`);
  await page.getByRole('link', { name: `To patient ${first.id}` }).click();
  await page.getByRole('button', { name: /^Undo/ }).click();
  await page.getByText('stands alone again').waitFor();
  await page.locator(`[data-double="${second.id}"]`).waitFor();
  await page.getByRole('button', { name: /^It was wrong/ }).click();
  await page.getByText('counts no more').waitFor();
  assert.deepEqual([...desk.faults, ...page.faults], []);
});
