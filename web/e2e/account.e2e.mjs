// A patient signs up by the code that came to the phone, adds a child and books for it; a second factor is added and
// asked for; a forgotten password is chosen anew. Needs the file that FAIRWARD_MESSAGES names.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, test as nodeTest } from 'node:test';
import { totp } from '../../tests/lib/totp.mjs';
import { ask, axe, base, close, findFreeDay, makePatient, open, test as pageTest, shot, signIn } from './helpers.mjs';

after(close);

const file = process.env.FAIRWARD_MESSAGES;
const test = file ? pageTest : nodeTest.skip;
async function told(fits) {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await new Promise((r) => setTimeout(r, 50))) {
    const lines = existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.endsWith('}'))
      : [];
    const found = lines.map((line) => JSON.parse(line)).findLast(fits);
    if (found) return found;
  }
  throw new Error('nobody was told');
}

test('by phone and code, and for a child', async () => {
  const found = await findFreeDay(2);
  const page = await open();
  const phone = `+9196${String(Date.now() % 100_000_000).padStart(8, '0')}`;
  await page.goto(`${base}/login`);
  await page.getByLabel('Phone number, e-mail or logon id').fill(phone);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Code', { exact: true }).fill((await told((m) => m.phone === phone)).secret);
  assert.deepEqual(await axe(page, 'code'), []);
  await shot(page, 'login-code');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('You are new here: tell us your name.').waitFor();
  await page.getByLabel('Your name').fill('Asha Rao');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Signed in as Asha Rao').waitFor();

  await page.getByRole('link', { name: 'Sign-in and security' }).click();
  const add = page.getByRole('form', { name: 'Add a person' });
  await add.getByLabel('Name').fill('Little Rao');
  await add.getByRole('button', { name: 'Add a person' }).click();
  await page.getByRole('button', { name: 'Remove Little Rao' }).waitFor();
  assert.deepEqual(await axe(page, 'account with family'), []);
  await shot(page, 'account-family');

  const at = encodeURIComponent(found.free[0].starts_at);
  await page.goto(`${base}/d/${found.doctor.id}?on=${found.date}&at=${at}`);
  await page.getByLabel('For whom').selectOption({ label: 'Little Rao' });
  await page.getByRole('button', { name: /Hold this time/ }).click();
  await page.waitForURL(/\/book\//);
  const id = page.url().split('/').at(-1);
  const [child] = (await ask(page, '/api/me/family')).items;
  assert.equal((await ask(page, `/api/holds/${id}`)).patient_id, child.id);
  await page.goto(`${base}/me`);
  await page.getByRole('heading', { name: 'Booked for Little Rao' }).waitFor();
});

test('a second factor is added and asked for; a forgotten password is chosen anew', async () => {
  const patient = await makePatient('Sita Secure');
  const page = await open();
  await signIn(page, patient);
  await page.goto(`${base}/me/account`);
  await page.getByRole('button', { name: 'Add a second factor' }).click();
  const secret = await page.locator('span', { hasText: /^[A-Z2-7]{32}$/ }).textContent();
  await page.getByLabel('Code of the app').fill(totp(secret, -1));
  await shot(page, 'account-factor');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your recovery codes').waitFor();
  assert.deepEqual(await axe(page, 'recovery codes'), []);
  await shot(page, 'account-recovery');

  const second = await open();
  const logIn = async (password) => {
    await second.goto(`${base}/login`);
    await second.getByLabel('Phone number, e-mail or logon id').fill(patient.login);
    await second.getByRole('button', { name: 'Next' }).click();
    await second.getByLabel('Password', { exact: true }).fill(password);
  };
  await logIn('not the password');
  await second.getByRole('button', { name: 'I forgot my password' }).click();
  const { secret: token } = await told((m) => m.kind === 'password_reset' && m.person === patient.id);
  await second.goto(`${base}/password/new?token=${token}`);
  await second.getByLabel('Choose a password').fill('chosen by the link');
  await second.getByRole('button', { name: 'Choose a new password' }).click();
  await second.getByText('Your password is changed.').waitFor();
  assert.ok(!second.url().includes('token'));
  await logIn('chosen by the link');
  await second.getByRole('button', { name: 'Sign in', exact: true }).click();
  await second.getByLabel('Code of your authenticator app').fill(totp(secret));
  assert.deepEqual(await axe(second, 'second factor'), []);
  await second.getByRole('button', { name: 'Sign in', exact: true }).click();
  await second.getByText('Signed in as Sita Secure').waitFor();
});
