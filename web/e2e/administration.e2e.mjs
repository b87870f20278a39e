// What administrators do beside the directory: invitations, approvals, emergency accesses, deliveries, webhooks.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, makePatient, newLogin, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf, tokenOf } from './roles.mjs';

after(close);

async function as(role, options) {
  const page = await open(options);
  await signIn(page, loginOf(role));
  return page;
}

test('an invitation is sent and withdrawn; what is wrong is said at the field', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('hospital_admin');
  await page.goto(`${base}/admin/users`);
  await page.getByRole('link', { name: 'Invitations' }).press('Enter');
  const name = `Ines Invited${Date.now()}`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('E-mail or phone number').fill('nobody');
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.locator('input[name=login][aria-invalid=true]').waitFor();
  await page.getByLabel('E-mail or phone number').fill(newLogin());
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await page.getByText(`${name} was invited.`).waitFor();
  assert.deepEqual(await axe(page, 'invitations'), []);
  await shot(page, 'admin-invitations');
  await page
    .getByRole('button', { name: `Withdraw : ${name}` })
    .or(page.getByRole('button', { name: `Withdraw: ${name}` }))
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText(`The invitation of ${name} was withdrawn.`).waitFor();
  assert.deepEqual(page.faults, []);
});

test('an emergency access is reviewed, once', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const patient = await makePatient(`Erna Emergency${Date.now()}`);
  const reason = 'Unconscious in the waiting room';
  const { data: given } = await api('POST', `/api/patients/${patient.id}/emergency-accesses`, {
    token: await tokenOf('doctor'),
    body: { reason },
  });
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/emergencies?h=${given.hospital_id}&open=true`);
  const line = page.locator(`[data-emergency="${given.id}"]`);
  await line.getByText(reason).waitFor();
  assert.deepEqual(await axe(page, 'emergencies'), []);
  await shot(page, 'admin-emergencies');
  await line.getByRole('button', { name: /^It was not right/ }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('Ask the ward first');
  await page.getByRole('dialog').getByRole('button', { name: 'It was not right' }).click();
  await line.waitFor({ state: 'detached' });
  await page.getByLabel('Only those to be reviewed').uncheck();
  await line.getByText('Note: Ask the ward first').waitFor();
  assert.deepEqual(page.faults, []);
});

test('a webhook is made, its secret shown once and renewed; its calls are listed', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('hospital_admin');
  await page.goto(`${base}/admin/webhooks`);
  const url = `https://hooks.example.org/${Date.now()}`;
  await page.getByLabel('Address', { exact: true }).fill('https://127.0.0.1/inside');
  await page.getByRole('checkbox', { name: 'moved' }).uncheck();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.locator('[aria-invalid=true], [role=alert]').first().waitFor();
  await page.getByLabel('Address', { exact: true }).fill(url);
  await page.getByRole('button', { name: 'Create' }).click();
  const secret = page.getByLabel('Secret', { exact: true });
  const first = await secret.inputValue();
  assert.match(first, /^whsec_/);
  assert.deepEqual(await axe(page, 'webhooks'), []);
  await shot(page, 'admin-webhooks');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const hook = page.locator('[data-webhook]', { hasText: url });
  await hook.getByText('booked, cancelled').waitFor();
  await hook.getByRole('button', { name: /^Calls/ }).click();
  await hook.getByText('Not called yet').waitFor();
  await hook.getByRole('button', { name: /^New secret/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click();
  await secret.waitFor();
  assert.notEqual(await secret.inputValue(), first);
  await hook.getByRole('button', { name: /^Turn off/ }).click();
  await hook.getByText('Off', { exact: true }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('what was delivered is listed, and the chat room is kept', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await as('hospital_admin');
  await page.goto(`${base}/admin/deliveries`);
  await page.getByRole('heading', { level: 1, name: 'Messages sent' }).waitFor();
  await page.getByLabel('Address of the room').fill('https://chat.example.org/v1/spaces/a/messages?key=b');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  const kept = await ask(page, `/api/notifications/hospitals/${loginOf('hospital_admin').hospital_id}`);
  assert.match(kept.chat_url, /chat\.example\.org/);
  assert.deepEqual(await axe(page, 'deliveries'), []);
  await shot(page, 'admin-deliveries');
  await page.goto(`${base}/admin/deliveries?status=failed`);
  await page.getByLabel('State').waitFor();
  assert.deepEqual(page.faults, []);
});

test('who waits is approved on one screen', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const name = `Dr Queue ${Date.now()}`;
  const body = { role: 'doctor', name, email: newLogin(), password: 'a longer password' };
  await api('POST', '/api/auth/register', { body });
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/approvals`);
  await page.getByText(name, { exact: true }).waitFor();
  assert.deepEqual(await axe(page, 'approvals'), []);
  await shot(page, 'admin-approvals');
  await page.getByRole('button', { name: new RegExp(`^Approve ?: ${name}$`) }).click();
  await page.getByText(`${name} was approved.`).waitFor();
  assert.deepEqual(page.faults, []);
});
