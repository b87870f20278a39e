// Passkeys with Chromium's own virtual authenticator: made in the account, signed in by without a password, by the
// button and by the name that the browser fills in; refused when the device makes sure of nobody or the key is gone.
// API keys: made, shown once, replaced, revoked.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { ask, axe, base, close, makePatient, open, shot, signIn, test } from './helpers.mjs';

after(close);

// A passkey is of a name, never of an IP address.
const site = base.replace('127.0.0.1', 'localhost');

async function withDevice(page, options = {}) {
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      ...options,
    },
  });
  return { send: (method, more = {}) => device.send(`WebAuthn.${method}`, { authenticatorId, ...more }) };
}
const signOut = (page) => page.context().clearCookies();
// The virtual device answers at once, also what only fills in names; so the button is tried where nothing is filled in.
const byButton = async (page) => {
  await page.goto(`${site}/login?unfilled`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
};
const byName = (page) => page.goto(`${site}/login`);
const isIn = async (page, name) => {
  await page.waitForURL(/\/me$/);
  assert.equal((await ask(page, '/api/session')).user.name, name);
};

test('from making a passkey to signing in without a password, and to its removal', async () => {
  const patient = await makePatient('Pia Passkey');
  const page = await open();
  await page.addInitScript(() => {
    if (location.search === '?unfilled') PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
  const device = await withDevice(page);
  await page.goto(`${site}/login`);
  await device.send('setAutomaticPresenceSimulation', { enabled: true });
  await page.evaluate(
    (body) =>
      fetch('/api/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    { login: patient.login, password: patient.password },
  );
  await page.goto(`${site}/me/account`);
  await device.send('setUserVerified', { isUserVerified: false });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('No passkey was made.').waitFor();
  await device.send('setUserVerified', { isUserVerified: true });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: /^Remove the passkey/ }).waitFor();
  const { credentials } = await device.send('getCredentials');
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, 'localhost');
  await page.getByRole('button', { name: /^Rename the passkey/ }).click();
  const form = page.getByRole('form', { name: /^Rename the passkey/ });
  await form.getByLabel('Name').fill('My laptop');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('My laptop').first().waitFor();
  assert.deepEqual(await axe(page, 'passkeys'), []);
  await shot(page, 'account-passkeys');

  await signOut(page);
  await byButton(page);
  await isIn(page, 'Pia Passkey');
  const { items } = await ask(page, '/api/me/passkeys');
  assert.ok(items[0].used_at);

  await signOut(page);
  await device.send('setUserVerified', { isUserVerified: false });
  await byButton(page);
  await page.getByText('No passkey was chosen.').waitFor();
  assert.deepEqual(await axe(page, 'login with passkeys'), []);
  await shot(page, 'login-passkey');
  assert.equal((await ask(page, '/api/session')).user, undefined);
  await device.send('setUserVerified', { isUserVerified: true });

  await byName(page);
  await isIn(page, 'Pia Passkey');
  await page.goto(`${site}/me/account`);
  await page.getByRole('button', { name: 'Remove the passkey My laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove the passkey My laptop' }).waitFor({ state: 'detached' });
  await signOut(page);
  await byButton(page);
  await page.getByText('This passkey is not accepted.').waitFor();
  assert.deepEqual(page.faults, []);
});

test('API keys are made, shown once, replaced and revoked', async () => {
  const patient = await makePatient('Kim Keys');
  const page = await open();
  await signIn(page, patient);
  await page.goto(`${base}/me/account`);
  await page.getByRole('button', { name: 'New API key' }).click();
  const form = page.getByRole('form', { name: 'New API key' });
  await form.getByRole('button', { name: 'Make the key' }).click();
  await form.getByText('Give the key a name').waitFor();
  await form.getByLabel('Name').fill('My importer');
  await form.getByLabel('Read what I may read').check();
  assert.equal(await form.getByLabel('Manage webhooks').count(), 0);
  assert.deepEqual(await axe(page, 'new API key'), []);
  await form.getByRole('button', { name: 'Make the key' }).click();
  const shown = page.locator('code', { hasText: /^fw_live_[\w-]{43}$/ });
  const key = await shown.textContent();
  const use = (value) => fetch(`${base}/api/me`, { headers: { Authorization: `Bearer ${value}` } });
  assert.equal((await (await use(key)).json()).name, 'Kim Keys');
  assert.deepEqual(await axe(page, 'API key shown'), []);
  await shot(page, 'account-keys');

  await page.reload();
  await page.getByRole('button', { name: 'Replace the key My importer' }).click();
  assert.equal(await shown.count(), 0);
  await page.getByRole('dialog').getByRole('button', { name: 'Replace' }).click();
  const next = await shown.textContent();
  assert.notEqual(next, key);
  assert.equal((await use(key)).status, 200);
  assert.equal((await use(next)).status, 200);
  for (const left of [1, 0]) {
    await page.getByRole('button', { name: 'Revoke the key My importer' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.waitForFunction(
      (count) => document.querySelectorAll('[aria-label="Revoke the key My importer"]').length === count,
      left,
    );
  }
  assert.equal((await use(key)).status, 403);
  assert.equal((await use(next)).status, 403);
  assert.deepEqual(page.faults, []);
});
