// Each portal as its people have it: the errand they come for by keyboard alone, and every page of it in light and dark,
// in English, in Hindi, and from right to left. FAIRWARD_SHOTS keeps pictures of the keyboard runs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { api, ask, axe, base, close, dateIn, makePatient, open, shot, signIn, tabTo, test } from './helpers.mjs';
import { freeSlots, haveRoles, loginOf, tirelessDoctor, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const password = 'correct horse battery staple';
const today = dateIn(zone, Date.now());
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
let facts;

/** A doctor with a login who works day and night, a patient with a visit soon, and one whom nobody here knows. */
async function prepare() {
  const family = `Key${Date.now() % 1_000_000}`;
  const { doctor, hospital } = await tirelessDoctor('Kavya', family);
  const login = `kavya.${family.toLowerCase()}`;
  const platform = await tokenOf('platform_admin');
  const name = `Dr Kavya ${family}`;
  await api('POST', '/api/users', {
    token: platform,
    body: { role: 'doctor', name, login, password, doctor_id: doctor.id },
  });
  const slots = await freeSlots(doctor.id, today, plus(today, 1));
  const patient = await makePatient('Padma Portal');
  const desk = await tokenOf('front_desk');
  const book = async (slot, id) =>
    (
      await api('POST', '/api/appointments', {
        token: desk,
        body: { doctor_id: doctor.id, hospital_id: hospital, patient_id: id, starts_at: slot.starts_at },
      })
    ).data;
  const visit = await book(slots[0], patient.id);
  const later = await book((await freeSlots(doctor.id, plus(today, 2), plus(today, 2)))[3], patient.id);
  const token = (await api('POST', '/api/auth/login', { body: { login, password } })).data.access_token;
  const stranger = await makePatient('Sita Stranger');
  const reason = 'Unconscious, the allergies must be known';
  await api('POST', `/api/patients/${stranger.id}/emergency-accesses`, { token, body: { reason } });
  return { doctor: { id: doctor.id, login, password, name }, hospital, patient, visit, later };
}

before(async () => {
  if (haveRoles) facts = await prepare();
});
after(close);

/** A page that counts what a mouse or a finger would do; the test fails when there was any. */
async function byKeyboard(who) {
  const page = await open();
  await page.addInitScript(() => {
    window.pointed = 0;
    // A click without a place is the keyboard's own.
    for (const name of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(name, () => (window.pointed += 1), { capture: true });
  });
  await signIn(page, who);
  return page;
}
async function ended(page) {
  assert.equal(await page.evaluate(() => window.pointed), 0, 'the mouse was used');
  assert.deepEqual(page.faults, []);
}
const press = (page, ...keys) =>
  keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
/** From the beginning of the page to what bears the words, and Enter. */
async function go(page, selector, words) {
  await tabTo(page, selector, words);
  await press(page, 'Enter');
}

test('a patient, by keyboard: home, who has looked, the pass, a visit is cancelled', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await byKeyboard(facts.patient);
  await page.goto(`${base}/me`);
  await page.getByRole('heading', { name: 'Your next visit' }).waitFor();
  await page.getByRole('region', { name: 'Who has looked' }).getByRole('listitem').first().waitFor();
  await shot(page, 'keyboard-patient');
  await go(page, 'a', 'The whole list');
  await page.waitForURL(/\/me\/records/);
  await page.getByRole('heading', { level: 2, name: 'Who has looked' }).waitFor();
  await page.goBack();
  await page.locator(`a[href="/a/${facts.later.id}"]`).waitFor();
  await go(page, `a[href="/a/${facts.later.id}"]`);
  await page.getByRole('heading', { level: 1, name: 'Your appointment' }).waitFor();
  await go(page, 'button', 'Cancel the appointment');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'dialog button', 'Yes, cancel it');
  await press(page, 'Enter');
  await page.waitForFunction(
    async (id) => (await (await fetch(`/api/appointments/${id}`)).json()).status === 'cancelled',
    facts.later.id,
  );
  await ended(page);
});

test('a doctor, by keyboard: running late, then a visit is written and closed', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await byKeyboard(facts.doctor);
  await page.goto(`${base}/doc/today?on=${dateIn(zone, facts.visit.starts_at)}`);
  await page.locator(`[data-appointment="${facts.visit.id}"]`).waitFor();
  if (dateIn(zone, facts.visit.starts_at) === dateIn(zone, Date.now())) {
    await tabTo(page, 'input[type="range"]');
    await press(page, 'ArrowRight', 'ArrowRight', 'ArrowRight');
    await go(page, 'button', 'Say so');
    await page.getByText('You said: 15 minutes late').waitFor();
  }
  await shot(page, 'keyboard-doctor');
  await go(page, `[data-appointment="${facts.visit.id}"] a[href^="/doc/visit/"]`);
  await page.getByRole('heading', { level: 1, name: 'Padma Portal' }).waitFor();
  await tabTo(page, 'textarea');
  await page.keyboard.type('Sore throat for two days');
  await tabTo(page, 'input[role="combobox"]');
  await page.keyboard.type('pharyngitis');
  await page.locator('[role=option]').first().waitFor();
  await press(page, 'Enter');
  await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
  await press(page, 'Control+Enter');
  await page.getByRole('link', { name: 'Back to my day' }).waitFor();
  assert.equal((await ask(page, `/api/appointments/${facts.visit.id}`)).status, 'fulfilled');
  await ended(page);
});

test('the front desk, by keyboard: booked for a caller, here, called', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await byKeyboard(loginOf('front_desk'));
  await page.goto(`${base}/desk?doctor=${facts.doctor.id}`);
  await page.getByLabel('Find by name or number').waitFor();
  await press(page, 'n');
  await page.locator('input[type="search"]:focus').waitFor();
  const name = `Tilak Telephone ${Date.now()}`;
  await page.keyboard.type(name);
  await press(page, 'Enter');
  await page.locator('input[type="tel"]:focus').waitFor();
  await page.keyboard.type(`+9197${String(Date.now()).slice(-8)}`);
  await press(page, 'Enter');
  await page.locator('section[aria-labelledby="step-2"] input[type="search"]:focus').waitFor();
  await page.keyboard.type(facts.doctor.name.split(' ').at(-1));
  await press(page, 'Enter');
  await page.locator('section[aria-labelledby="step-2"] li button:focus').waitFor();
  await press(page, 'Enter');
  await page.locator('button:focus', { hasText: 'Take the first free time' }).waitFor();
  await press(page, 'Enter');
  await page.locator('button:focus', { hasText: 'Book for' }).waitFor();
  await press(page, 'Enter');
  await page.getByText('Appointment number').waitFor();
  const id = Number((await page.getByRole('alert').innerText()).match(/number (\d+)/)[1]);
  const booked = await ask(page, `/api/appointments/${id}`);
  // Near midnight the first free time is tomorrow's, which is not on today's board.
  if (dateIn(zone, booked.starts_at) === dateIn(zone, Date.now())) {
    await go(page, 'header a', 'Reception');
    await tabTo(page, `[data-row="${id}"]`);
    await press(page, 'a');
    await page.locator(`[data-row="${id}"][data-state="arrived"]`).waitFor();
    await tabTo(page, `[data-row="${id}"]`);
    await press(page, 'c');
    await page.locator('[data-state="called"]').first().waitFor();
    await shot(page, 'keyboard-desk');
  }
  await ended(page);
});

test('a hospital’s administrator, by keyboard: an emergency access is reviewed', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const page = await byKeyboard(loginOf('hospital_admin'));
  await page.goto(`${base}/admin`);
  await page.getByRole('heading', { level: 1, name: 'Administration' }).waitFor();
  await go(page, 'nav a', 'Emergency accesses');
  const line = page.locator('[data-emergency]', { hasText: facts.doctor.name });
  await line.waitFor();
  await go(page, 'button', 'It was right');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'dialog textarea');
  await page.keyboard.type('Confirmed with the ward');
  await go(page, 'dialog button[type="submit"]', 'It was right');
  await line.getByText('✓ Right').waitFor();
  await shot(page, 'keyboard-hospital');
  await ended(page);
});

test('the platform’s administrator, by keyboard: a doctor who signed up is approved', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const name = `Dr Asked ${Date.now()}`;
  const { doctor } = await tirelessDoctor('Aabha', `Free${Date.now() % 1_000_000}`);
  const email = `asked.${Date.now()}@example.org`;
  await api('POST', '/api/auth/register', { body: { role: 'doctor', name, email, password } });
  const page = await byKeyboard(loginOf('platform_admin'));
  await page.goto(`${base}/admin/users?status=pending`);
  await page.getByRole('heading', { level: 1, name: 'Accounts' }).waitFor();
  await go(page, 'a', 'Who waits');
  await page.getByText(name).first().waitFor();
  await page.locator('select option').nth(3).waitFor({ state: 'attached' });
  const isOfThisLine = (wanted) => document.activeElement.closest('li').textContent.includes(wanted);
  // Of many doctors the one is looked for, then chosen.
  do await tabTo(page, 'main li input[type="search"]');
  while (!(await page.evaluate(isOfThisLine, name)));
  await page.keyboard.type(doctor.family_name);
  await page.locator(`option[value="${doctor.id}"]`).first().waitFor({ state: 'attached' });
  await tabTo(page, 'main select');
  await press(page, 'ArrowDown');
  await go(page, 'button', `Approve: ${name}`);
  await page
    .getByRole('status')
    .filter({ hasText: `${name} was approved.` })
    .waitFor();
  await shot(page, 'keyboard-platform');
  await ended(page);
});

// ---- every page ----------------------------------------------------------------------------------

const words = (language) =>
  (language === 'en'
    ? ['en', 'en_pages', 'en_staff', 'en_portals', 'en_docs']
    : ['hi', 'hi_staff', 'hi_portals', 'hi_docs']
  ).reduce((all, name) => {
    const walk = (part, prefix) => {
      for (const [key, value] of Object.entries(part))
        typeof value === 'string' ? all.set(prefix + key, value) : walk(value, `${prefix}${key}.`);
    };
    walk(JSON.parse(readFileSync(new URL(`../src/i18n/${name}.json`, import.meta.url), 'utf8')), '');
    return all;
  }, new Map());

/** The English sentences that Hindi says otherwise, as patterns of whole texts. */
function englishSentences() {
  const hindi = words('hi');
  return [...words('en')]
    .filter(([key, text]) => text !== hindi.get(key) && /[a-z]{2}/i.test(text.replace(/\{\{\w+\}\}/g, '')))
    .filter(([, text]) => text.replace(/\{\{\w+\}\}/g, '').match(/[a-z]/gi).length > 3)
    .map(([, text]) =>
      text
        .split(/\{\{\w+\}\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.+'),
    );
}

/** What the page says to eye and ear, text by text. */
const said = (page) =>
  page.evaluate(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!parent.closest('script, style, [lang="en"], [dir="auto"]')) texts.push(node.nodeValue.trim());
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) texts.push(element.getAttribute(name) ?? '');
    return [...new Set(texts.filter(Boolean))];
  });

const speak = (page, language) => page.evaluate((code) => localStorage.setItem('fairward.language', code), language);
const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
async function drawn(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main [class*="skeleton"]'));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
async function scheme(page, wanted) {
  await page.emulateMedia({ colorScheme: wanted });
  await page.waitForFunction((one) => document.documentElement.dataset.scheme === one, wanted);
}

/** One load of each page: from right to left first, then by the switch of languages, each in a scheme of its own. */
async function walk(who, paths) {
  const page = await open();
  const found = [];
  const english = englishSentences().map((source) => new RegExp(`^${source}$`));
  const groups = new Set([...words('en').keys()].map((key) => key.split('.')[0]));
  await signIn(page, who);
  for (const path of paths) {
    await speak(page, 'ar-XB');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(base + path);
    await drawn(page);
    if ((await page.evaluate(() => document.documentElement.dir)) !== 'rtl') found.push(`${path} is not right to left`);
    const narrow = await sideways(page);
    await page.setViewportSize({ width: 1200, height: 900 });
    const wide = await sideways(page);
    if (narrow > 0 || wide > 0) found.push(`${path} right to left scrolls sideways by ${narrow} or ${wide} px`);
    for (const [language, theme] of [
      ['en', 'dark'],
      ['hi', 'light'],
    ]) {
      await page.locator('header select').selectOption(language);
      await page.waitForFunction((code) => document.documentElement.lang === code, language);
      await scheme(page, theme);
      await drawn(page);
      found.push(...(await axe(page, `${path} ${language} ${theme}`)));
      const texts = await said(page);
      const left = texts.filter((text) => english.some((pattern) => pattern.test(text)));
      if (language === 'hi') found.push(...left.map((text) => `${path} says in English: ${text}`));
      else if (left.length < 3) found.push(`${path}: no English was recognised, so none would be in Hindi`);
      const keys = texts.filter((text) => /^[a-z]+(\.[a-z_]+)+$/.test(text) && groups.has(text.split('.')[0]));
      found.push(...keys.map((text) => `${path} shows the key ${text}`));
    }
    found.push(...page.faults.splice(0));
  }
  return found;
}

const portals = {
  patient: () => [
    facts.patient,
    ['/me', '/me/records', '/me/messages', '/me/exports', '/me/account', `/a/${facts.visit.id}`],
  ],
  doctor: () => [
    facts.doctor,
    [
      '/doc/today',
      '/doc/patients',
      `/doc/patients/${facts.patient.id}`,
      '/doc/referrals',
      '/doc/schedule',
      `/doc/visit/${facts.visit.id}`,
    ],
  ],
  front_desk: () => [
    loginOf('front_desk'),
    ['/desk', '/desk/new', '/desk/day', `/desk/patients/${facts.patient.id}`, `/display/${facts.hospital}`],
  ],
  hospital_admin: () => [
    loginOf('hospital_admin'),
    [
      '/admin',
      '/admin/stats',
      '/admin/doctors',
      '/admin/users',
      '/admin/emergencies',
      '/admin/deliveries',
      '/admin/webhooks',
      '/admin/exports',
      '/admin/audit',
      '/admin/reviews',
    ],
  ],
  platform_admin: () => [
    loginOf('platform_admin'),
    ['/admin/hospitals', '/admin/hospitals/1', '/admin/approvals', '/admin/invitations', '/admin/errors'],
  ],
};
for (const [role, of] of Object.entries(portals))
  test(`every page of the ${role}: two schemes, two languages, right to left`, async (t) => {
    if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
    assert.deepEqual(await walk(...of()), []);
  });
