// The administrators' dashboards: the day at a glance, and the statistics with their tables.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, dateIn, open, shot, signIn, test } from './helpers.mjs';
import { bookAt, freeSlots, haveRoles, loginOf, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const today = dateIn(zone, Date.now());
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
after(close);

async function as(role, options) {
  const page = await open(options);
  await signIn(page, loginOf(role));
  return page;
}

test('the hospital’s administrator sees the doctors of the day at a glance', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const hospital = loginOf('hospital_admin').hospital_id;
  const token = await tokenOf('hospital_admin');
  const minutes = 25;
  const doctor = loginOf('doctor').doctor_id;
  await api('POST', `/api/doctors/${doctor}/delays`, { token, body: { hospital_id: hospital, minutes }, ok: false });
  const page = await as('hospital_admin');
  await page.goto(`${base}/admin`);
  await page.getByRole('region', { name: 'Doctors today' }).getByRole('row').nth(1).waitFor();
  const board = await ask(page, `/api/reception/board?hospital_id=${hospital}`);
  if (board.delays.some((one) => one.doctor_id === doctor)) await page.getByText('25 minutes late').waitFor();
  await page.getByText('Still free').waitFor();
  assert.deepEqual(await axe(page, 'glance'), []);
  await shot(page, 'admin-glance');
  assert.deepEqual(page.faults, []);
});

test('statistics: the time is in the address, each chart has its table, which can be saved', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const doctor = loginOf('doctor').doctor_id;
  const [slot] = await freeSlots(doctor, today, plus(today, 2));
  await bookAt(slot, doctor, 'Stella Statistic');
  const day = dateIn(zone, slot.starts_at);
  const page = await as('platform_admin');
  await page.goto(`${base}/admin/stats?from=${plus(today, -6)}&to=${plus(today, 3)}&h=${slot.hospital_id}`);
  const chart = page.getByRole('figure').filter({ has: page.getByRole('heading', { name: 'Appointments' }) });
  await chart.getByRole('img', { name: /^Bars: Appointments, 10 values; the most/ }).waitFor();
  const stats = await ask(
    page,
    `/api/admin/stats?from_on=${plus(today, -6)}&to_on=${plus(today, 3)}&hospital_id=${slot.hospital_id}`,
  );
  assert.ok(stats.totals.appointments >= 1);
  const bars = await chart.locator('rect').count();
  assert.ok(bars >= 1 && bars <= 40);
  await chart.getByText('As a table').press('Enter');
  const rows = await chart.getByRole('row').count();
  assert.equal(rows, 1 + stats.periods.length);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    chart.getByRole('button', { name: /^Download as CSV/ }).press('Enter'),
  ]);
  assert.match(download.suggestedFilename(), /^appointments-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(await axe(page, 'stats'), []);
  await shot(page, 'admin-stats');
  await page.getByLabel('Time', { exact: true }).selectOption('7');
  await page.waitForURL(/days=7/);
  assert.doesNotMatch(page.url(), /from=/);
  await page.getByRole('img', { name: /Load by hour/ }).waitFor();
  await page.goto(`${base}/admin/stats?from=${plus(today, 3)}&to=${today}`);
  await page.getByText('The end must not be before the beginning.').waitFor();
  assert.ok(day);
  assert.deepEqual(page.faults, []);

  const narrow = await as('hospital_admin', { width: 320, height: 700, scheme: 'dark' });
  for (const path of ['/admin', '/admin/stats']) {
    await narrow.goto(`${base}${path}`);
    await narrow.getByRole('heading', { level: 1 }).waitFor();
    await narrow
      .getByRole('figure')
      .or(narrow.getByRole('region', { name: 'Doctors today' }))
      .first()
      .waitFor();
    const wide = await narrow.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    assert.equal(wide, false, `${path} scrolls sideways`);
    assert.deepEqual(await axe(narrow, `${path} dark, 320 px`), []);
    await shot(narrow, `narrow${path.replaceAll('/', '-')}`);
  }
});
