// Every page in light, dark and forced colours, on a desk and at 320 px: no axe violation, no sideways scrolling.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { api, axe, base, close, findFreeDay, makePatient, open, shot, signIn, test } from './helpers.mjs';

const desk = {
  login: process.env.FAIRWARD_DESK_LOGIN ?? 'front.desk',
  password: process.env.FAIRWARD_DESK_PASSWORD ?? 'fairward-demo',
};
let pages;
let patient;
let deskKnown = false;

before(async () => {
  const found = await findFreeDay(3);
  patient = await makePatient('Alex Axe');
  const body = (slot) => ({ doctor_id: found.doctor.id, hospital_id: slot.hospital_id, starts_at: slot.starts_at });
  const first = await api('POST', '/api/holds', { token: patient.token, body: body(found.free[0]) });
  await api('POST', `/api/holds/${first.data.id}/payments`, {
    token: patient.token,
    body: { method: 'sandbox', outcome: 'success' },
  });
  for (let i = 0; i < 60; i++) {
    if ((await api('GET', `/api/appointments/${first.data.id}`, { token: patient.token })).data.status === 'booked')
      break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { data: hold } = await api('POST', '/api/holds', { token: patient.token, body: body(found.free[1]) });
  deskKnown = (await api('POST', '/api/auth/login', { body: desk, ok: false })).status === 200;
  const at = encodeURIComponent(found.free[2].starts_at);
  pages = [
    ['search', '/', 'article'],
    ['search-nothing', '/?q=zzzzqqqq', 'text=No doctor fits'],
    ['doctor', `/d/${found.doctor.id}?on=${found.date}`, '[data-at]'],
    ['doctor-chosen', `/d/${found.doctor.id}?on=${found.date}&at=${at}`, 'text=Hold this time'],
    ['book', `/book/${hold.id}`, '[data-testid="time-left"]'],
    ['appointment', `/a/${first.data.id}`, 'text=Appointment Successful'],
    ['me', '/me', 'text=Coming'],
    ['login', '/login', 'text=Go on'],
    ['desk-refused', '/desk/new', 'text=This page is not for your account'],
    ['wait-unknown', '/wait/999999999', '[role=alert]'],
    ['not-found', '/no/such/page', 'text=There is no such page'],
  ];
});
after(close);

async function walk(page, label) {
  const found = [];
  for (const [name, path, ready] of pages) {
    await page.goto(base + path);
    await page.locator(ready).first().waitFor();
    await page.waitForTimeout(250);
    found.push(...(await axe(page, `${label} ${name}`)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${label} ${name} scrolls sideways by ${wide} px`);
    await shot(page, `${name}-${label}`);
  }
  return [...found, ...page.faults];
}

for (const [label, options, media] of [
  ['light', {}],
  ['dark', { scheme: 'dark' }],
  ['phone', { width: 390, height: 844 }],
  ['reflow', { width: 320, height: 640, scheme: 'dark', timezone: 'Europe/Berlin' }],
  ['forced', {}, { forcedColors: 'active' }],
])
  test(`pages in ${label}`, async () => {
    const page = await open(options);
    if (media) await page.emulateMedia(media);
    await signIn(page, patient);
    assert.deepEqual(await walk(page, label), []);
  });

test('pages of somebody who is not signed in', async () => {
  const page = await open();
  const found = [];
  await page.goto(`${base}/login`);
  await page.getByLabel('Phone number, e-mail or logon id').fill(patient.login);
  found.push(...(await axe(page, 'login name')));
  await shot(page, 'login-name-light');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.locator('input[name="password"]').waitFor();
  found.push(...(await axe(page, 'login password')));
  await page.locator('input[name="password"]').fill('wrong password!');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  found.push(...(await axe(page, 'login refused')));
  await page.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Phone number, e-mail or logon id').fill(`nobody${Date.now()}@example.org`);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Your name').waitFor();
  await page.getByRole('button', { name: 'Sign up' }).click();
  found.push(...(await axe(page, 'login details')));
  assert.equal(
    await page.evaluate(() => document.activeElement?.getAttribute('name')),
    'name',
    'the first wrong field has the focus',
  );
  await page.goto(`${base}/me`);
  await page.waitForURL(/\/login/);
  assert.deepEqual([...found, ...page.faults], []);
});

test('the whole of it in Hindi', async () => {
  const page = await open();
  await signIn(page, patient);
  await page.goto(base);
  await page.getByLabel('Language', { exact: true }).selectOption('hi');
  await page.getByRole('button', { name: 'खोजें' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'hi');
  await page.locator('article').first().waitFor();
  await shot(page, 'search-hindi', false);
  const found = await axe(page, 'hindi');
  await page.goto(base + pages[3][1]);
  await page.getByRole('button', { name: 'यह समय रोकें' }).waitFor();
  await shot(page, 'doctor-hindi', false);
  found.push(...(await axe(page, 'hindi doctor')));
  assert.deepEqual(found, []);
});

test('the front desk books by telephone', async (t) => {
  if (!deskKnown) return t.skip('no front desk account: set FAIRWARD_DESK_LOGIN and FAIRWARD_DESK_PASSWORD');
  const page = await open();
  await signIn(page, desk);
  await page.goto(`${base}/desk/new`);
  const name = `Tara Telephone ${Date.now()}`;
  await page.getByLabel('Phone number or name').fill(name);
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByRole('form', { name: 'Add patient' }).waitFor();
  await page.getByLabel('Phone number', { exact: true }).fill(`+9198${String(Date.now()).slice(-8)}`);
  const found = await axe(page, 'desk patient');
  await shot(page, 'desk-patient-light');
  await page.getByRole('button', { name: 'Add patient' }).click();
  await page.locator('li button').filter({ hasText: 'first free' }).first().click();
  await page.locator('[data-at][data-status="free"]').first().click();
  found.push(...(await axe(page, 'desk time')));
  await shot(page, 'desk-time-light');
  await page.getByRole('button', { name: `Book for ${name}` }).click();
  await page.getByText('Appointment number').waitFor();
  found.push(...(await axe(page, 'desk booked')));
  await shot(page, 'desk-booked-light');
  assert.deepEqual([...found, ...page.faults], []);
});
