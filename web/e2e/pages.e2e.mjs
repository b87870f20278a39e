// Every route of the page map in light and dark, on a desk and at 320 px: no axe violation, no sideways scrolling, no
// breach of the CSP, no error.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { api, axe, base, close, findFreeDay, makePatient, open, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf } from './roles.mjs';

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
    ['me', '/me', 'text=Your next visit'],
    ['records', '/me/records', 'text=Who has looked'],
    ['prescription-unknown', '/prescriptions/999999999', '[role=alert]'],
    ['messages', '/me/messages', 'text=Only what is new'],
    ['exports', '/me/exports', 'form'],
    ['account', '/me/account', 'text=Where you are signed in'],
    ['password-link', '/password/new?token=1.x', 'form'],
    ['invitation', '/invitation?token=1.x', 'form'],
    ['login', '/login', 'text=Go on'],
    ['apply', '/hospitals/apply', 'form'],
    ['accessibility', '/accessibility', 'main section ul'],
    ['desk-refused', '/desk/new', 'text=This page is not for your account'],
    ['wait-unknown', '/wait/999999999', '[role=alert]'],
    ['not-found', '/no/such/page', 'text=There is no such page'],
  ];
});
after(close);

const themes = [
  ['light', { colorScheme: 'light', forcedColors: 'none' }],
  ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
];
const forced = ['forced', { colorScheme: 'light', forcedColors: 'active' }];
const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The page was drawn anew. */
const settled = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))),
  );
async function switchTo(page, media) {
  await page.emulateMedia(media);
  // The page hears of the scheme a moment later.
  await page.waitForFunction(
    (wanted) => [undefined, wanted].includes(document.documentElement.dataset.scheme),
    media.colorScheme,
  );
  await settled(page);
}

/** Loads each page once: axe in every theme, then the same page at 320 px. */
async function walk(page, list, inThemes) {
  const found = [];
  for (const [name, path, ready] of list) {
    await page.setViewportSize({ width: 1200, height: 900 });
    await page.emulateMedia(themes[0][1]);
    await page.goto(base + path);
    await page.locator(ready).first().waitFor();
    await settled(page);
    for (const [theme, media] of inThemes) {
      await switchTo(page, media);
      found.push(...(await axe(page, `${name} ${theme}`)));
      await shot(page, `${name}-${theme}`);
    }
    if (process.env.FAIRWARD_SHOTS) {
      await page.setViewportSize({ width: 390, height: 844 });
      await shot(page, `${name}-phone`);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await settled(page);
    const wide = await sideways(page);
    if (wide > 0) found.push(`${name} scrolls sideways by ${wide} px`);
    await shot(page, `${name}-reflow`);
    for (const fault of page.faults.splice(0)) found.push(`${name}: ${fault}`);
  }
  return found;
}

test('pages of patients: light, dark, forced colours, 320 px', async () => {
  const page = await open({ timezone: 'Europe/Berlin' });
  await signIn(page, patient);
  assert.deepEqual(await walk(page, pages, [themes[0], forced, themes[1]]), []);
});

/** A list has come, be it empty. */
const listed = 'main li, main [class*="empty"]';
const staffPages = {
  doctor: [
    ['doc-today', '/doc/today', 'nav ul button'],
    ['doc-schedule', '/doc/schedule', 'text=Weekly hours'],
    ['doc-patients', '/doc/patients', 'text=Patient number'],
    ['doc-history-closed', '/doc/patients/999999999', 'form textarea'],
    ['doc-referrals', '/doc/referrals', 'main nav a'],
    ['doc-visit-unknown', '/doc/visit/999999999', '[role=alert]'],
    ['doc-account', '/me', 'text=To my start page'],
    ['doc-security', '/me/account', 'text=Add a second factor'],
    ['doc-refused', '/admin', 'text=This page is not for your account'],
  ],
  front_desk: [
    ['desk-board', '/desk', 'input[type="search"]'],
    ['wall', '/display/1', 'main h1'],
    ['desk-new', '/desk/new', 'input[type="search"]'],
    ['desk-patient-unknown', '/desk/patients/999999999', '[role=alert]'],
    ['desk-day', '/desk/day', 'nav ul button'],
    ['desk-follow-ups', '/desk/follow-ups', 'main h1'],
    ['desk-people', '/admin/users', 'main li'],
  ],
  hospital_admin: [
    ['admin', '/admin', 'main ul a'],
    ['admin-hospital-own', '/admin/hospitals', 'main li'],
    ['admin-stats', '/admin/stats', 'main figure'],
    ['admin-emergencies', '/admin/emergencies', listed],
    ['admin-deliveries', '/admin/deliveries', listed],
    ['admin-exports', '/admin/exports', 'form'],
    ['admin-webhooks', '/admin/webhooks', 'form'],
    ['admin-schedule', '/admin/doctors/1/schedule', 'text=Weekly hours'],
  ],
  platform_admin: [
    ['admin-hospitals', '/admin/hospitals', 'main li'],
    ['admin-hospital', '/admin/hospitals/1', 'text=Departments'],
    ['admin-hospital-new', '/admin/hospitals/new', 'form'],
    ['admin-doctors', '/admin/doctors', 'main li a'],
    ['admin-doctor', '/admin/doctors/1', 'form fieldset'],
    ['admin-doctor-new', '/admin/doctors/new', 'form'],
    ['admin-users', '/admin/users', 'main li'],
    ['admin-approvals', '/admin/approvals', listed],
    ['admin-invitations', '/admin/invitations', 'form'],
    ['admin-reviews-choose', '/admin/reviews', 'main li button'],
    ['admin-audit', '/admin/audit', 'main select'],
    ['admin-errors', '/admin/errors', 'main select'],
    ['admin-keys', '/admin/keys', 'text=Your own API keys'],
    ['desk-day-choose', '/desk/day', 'main li button'],
    ['docs', '/docs#hold_create', '#hold_create[open] table'],
    ['docs-plain', '/docs/plain', 'text=hold_create'],
  ],
};
for (const [role, list] of Object.entries(staffPages))
  test(`pages of the ${role}: light, dark, 320 px`, async (t) => {
    if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
    const page = await open();
    await signIn(page, loginOf(role));
    assert.deepEqual(await walk(page, list, themes), []);
  });

test('what opens over a page: palette, keys, a question, the forms of hours', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await open();
  await signIn(page, loginOf('doctor'));
  await page.goto(`${base}/doc/schedule`);
  await page
    .getByRole('button', { name: /^Change/ })
    .first()
    .click();
  const found = [];
  const look = async (name) => {
    for (const [theme, media] of themes) {
      await switchTo(page, media);
      found.push(...(await axe(page, `${name} ${theme}`)));
      await shot(page, `${name}-${theme}`, false);
    }
  };
  await look('shift-form');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What are you looking for?' }).waitFor();
  await look('palette');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await look('shortcuts');
  assert.deepEqual([...found, ...page.faults], []);
});

test('every route of the page map was looked at', () => {
  const walked = [...pages, ...Object.values(staffPages).flat()].map(([, path]) => path.replace(/[?#].*/, ''));
  const source = readFileSync(new URL('../src/app/router.tsx', import.meta.url), 'utf8');
  const routes = [...source.matchAll(/path: '([^']+)'/g)].map((m) => m[1]);
  const isWalked = (route) => walked.some((path) => new RegExp(`^${route.replace(/\$\w+/g, '[^/]+')}$`).test(path));
  assert.ok(routes.length > 15);
  assert.deepEqual(
    routes.filter((route) => !isWalked(route)),
    [],
  );
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

test('the portals in Hindi', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const found = [];
  for (const [role, paths] of [
    ['doctor', ['/doc/today', '/doc/schedule', '/docs']],
    ['platform_admin', ['/admin', '/admin/doctors/1', '/admin/users']],
  ]) {
    const page = await open();
    await signIn(page, loginOf(role));
    await page.evaluate(() => localStorage.setItem('fairward.language', 'hi'));
    for (const path of paths) {
      await page.goto(base + path);
      await page.locator('h1').first().waitFor();
      await page.locator('main li, main details, main form').first().waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'hi');
      const text = await page.evaluate(() => document.querySelector('main').innerText);
      assert.match(text, /[\u0900-\u097F]{3}/, path);
      assert.doesNotMatch(text, /\b(day|schedule|admin|docs|shell|role)\.[a-z_]+\b/, 'a key without words');
      await shot(page, `hindi${path.replaceAll('/', '-')}`);
    }
    found.push(...(await axe(page, `hindi ${role}`)), ...page.faults);
  }
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
