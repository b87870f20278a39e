// A hospital asks to be listed and is approved, another is refused; the platform's administrator sees everybody's API
// keys, their use and their quota.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after } from 'node:test';
import { api, axe, base, close, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf } from './roles.mjs';

after(close);

const themes = ['light', 'dark'];
const told = (email) =>
  readFileSync(process.env.FAIRWARD_MESSAGES, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line))
    .filter((message) => message.email === email);
async function looked(page, name) {
  const found = [];
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    await page.waitForFunction(
      (wanted) => [undefined, wanted].includes(document.documentElement.dataset.scheme),
      colorScheme,
    );
    found.push(...(await axe(page, `${name} ${colorScheme}`)));
    await shot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

test('a hospital asks to be listed; one is approved, one refused with a reason', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const mark = Date.now();
  const [good, bad] = [`Lakeside ${mark}`, `Backstreet ${mark}`];
  const email = `lake${mark}@example.org`;
  const page = await open();
  await page.goto(`${base}/login`);
  await page.getByRole('link', { name: 'You run a hospital? Ask to be listed' }).click();
  await page.getByRole('button', { name: 'Ask to be listed' }).click();
  await page.getByText('This is needed').first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'name');
  assert.deepEqual(await looked(page, 'apply'), []);
  await page.getByLabel('Name', { exact: true }).fill(good);
  await page.getByLabel('City', { exact: true }).fill('Wai');
  await page.getByLabel('Your name').fill('Mira Sen');
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'Ask to be listed' }).click();
  await page.getByText('We have got it').waitFor();
  await api('POST', '/api/hospitals/applications', {
    body: {
      name: bad,
      city_name: 'Wai',
      time_zone: 'Asia/Kolkata',
      contact_name: 'Bo Ray',
      contact_email: `bo${mark}@example.org`,
    },
  });

  const platform = await open();
  await signIn(platform, loginOf('platform_admin'));
  await platform.goto(`${base}/admin/approvals`);
  const line = (name) => platform.locator('li').filter({ hasText: name });
  await line(good).getByText('Asked for by Mira Sen').waitFor();
  assert.deepEqual(await looked(platform, 'approvals'), []);
  await line(good)
    .getByRole('button', { name: /^Approve/ })
    .click();
  await platform.getByText(`${good} is listed now`).waitFor();
  assert.equal(told(email).at(-1).kind, 'invitation');
  const { data: found } = await api('GET', `/api/hospitals?keyword=Lakeside`);
  assert.ok(found.items.some(({ name }) => name === good));

  await line(bad)
    .getByRole('button', { name: /^Refuse/ })
    .click();
  const dialog = platform.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Refuse' }).click();
  await dialog.getByText('Say why').waitFor();
  assert.deepEqual(await looked(platform, 'refuse-hospital'), []);
  await dialog.getByLabel('Why is it refused?').fill('No licence is known under this name.');
  await dialog.getByRole('button', { name: 'Refuse' }).click();
  await platform.getByText(`${bad} was refused`).waitFor();
  await line(bad).waitFor({ state: 'detached' });
  assert.equal(told(`bo${mark}@example.org`).at(-1).kind, 'hospital_refused');

  await platform.goto(`${base}/admin/hospitals?status=refused`);
  await platform.getByRole('link', { name: bad, exact: true }).click();
  await platform.getByText('Refused: No licence is known').waitFor();
  assert.deepEqual(await looked(platform, 'hospital-refused'), []);
  assert.deepEqual([...page.faults, ...platform.faults], []);
});

test("everybody's API keys: their use, another quota, revocation", async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const owner = await makePatient(`Kiran Keymaker ${Date.now()}`);
  const body = { name: 'Kiosk reader', scopes: ['read'] };
  const { data: made } = await api('POST', '/api/me/keys', { token: owner.token, body });
  for (let i = 0; i < 3; i++) await api('GET', '/api/me', { token: made.key });
  // Nodes write down what was used every other second.
  const used = async () => (await api('GET', `/api/me/keys/${made.about.id}/usage`, { token: owner.token })).data.items;
  while ((await used())[0]?.calls !== 3) await new Promise((resolve) => setTimeout(resolve, 100));
  const page = await open();
  await signIn(page, loginOf('platform_admin'));
  await page.goto(`${base}/admin/keys`);
  await page.getByLabel('Name of a key or its owner').fill(owner.name);
  await page.getByRole('button', { name: 'Find' }).click();
  const line = page.locator('li').filter({ hasText: owner.name });
  await page.waitForFunction(
    (name) => document.querySelectorAll('main li').length === 1 && document.body.innerText.includes(name),
    owner.name,
  );
  await line.getByText('Today: 3 of').waitFor();
  await line.getByText('The last 14 days, day by day').click();
  await line.getByRole('cell', { name: '3', exact: true }).waitFor();
  assert.deepEqual(await looked(page, 'keys'), []);
  await page.setViewportSize({ width: 320, height: 640 });
  assert.equal(
    await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    0,
  );
  await page.setViewportSize({ width: 1200, height: 900 });

  await line.getByRole('button', { name: 'Quota of the key Kiosk reader' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Calls a day').fill('3');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The key Kiosk reader has another quota.').waitFor();
  await line.getByText('Today: 3 of 3').waitFor();
  const use = () => api('GET', '/api/me', { token: made.key, ok: false });
  assert.equal((await fetch(`${base}/api/me`, { headers: { Authorization: `Bearer ${made.key}` } })).status, 429);

  await line.getByRole('button', { name: 'Revoke the key Kiosk reader' }).click();
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The key Kiosk reader was revoked.').waitFor();
  assert.equal((await use()).status, 403);
  await page.getByLabel('State').selectOption({ label: 'Ended or revoked' });
  await line.getByText('revoked on').waitFor();
  await page.evaluate(() => localStorage.setItem('fairward.language', 'hi'));
  for (const path of ['/admin/keys', '/admin/approvals', '/hospitals/apply']) {
    await page.goto(base + path);
    await page.locator('main form, main section').first().waitFor();
    const text = await page.evaluate(() => document.querySelector('main').innerText);
    assert.match(text, /[\u0900-\u097F]{3}/, path);
    assert.doesNotMatch(text, /\b(api_key|application|approval|admin)\.[a-z_]+\b/, 'a key without words');
    await shot(page, `hindi${path.replaceAll('/', '-')}`);
  }
  assert.deepEqual(page.faults, []);
});
