// A patient reviews a finished visit, everybody reads it, the hospital hides it and shows it again. One that ends while
// the test runs takes up to five minutes: with FAIRWARD_LONG=1.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, findFreeDay, makePatient, open, release, shot, signIn, test } from './helpers.mjs';
import { haveRoles, loginOf } from './roles.mjs';
import { visitNow } from './visits.mjs';

after(close);

const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
/** axe on both schemes and at 320 px without sideways scrolling. */
async function look(page, name) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(100);
    found.push(...(await axe(page, `${name} ${colorScheme}`)));
    await shot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  if ((await sideways(page)) > 0) found.push(`${name} scrolls sideways`);
  await page.setViewportSize({ width: 390, height: 844 });
  await shot(page, `${name}-phone`);
  await page.setViewportSize(size);
  return found;
}

/** Replies of the API, given by the test: a visit that is over cannot be made without waiting for its time. */
async function reply(page, pattern, body, status = 200) {
  await page.route(pattern, async (route) => {
    const given = typeof body === 'function' ? await body(route) : body;
    return given ? route.fulfill({ status, json: given }) : route.fallback();
  });
}
const review = (id, more) => ({ id, rating: 5, author: 'Eve T.', created_at: '2026-05-04T08:00:00Z', ...more });

test('the list of reviews goes on; a review is written and changed', async () => {
  const found = [];
  const { doctor, free } = await findFreeDay(1);
  const reader = await open();
  const texts = ['Kind and clear.', undefined, 'Long.\n'.repeat(4), 'दर्द जल्दी ठीक हुआ।', 'W'.repeat(90)];
  const pages = [
    { items: texts.map((text, i) => review(20 - i, { text, rating: 5 - i })), next: '16' },
    { items: [review(15, { text: 'The oldest.', changed_at: '2026-05-05T08:00:00Z' })] },
  ];
  await reply(
    reader,
    `**/api/doctors/${doctor.id}/reviews?*`,
    (route) => pages[route.request().url().includes('cursor=16') ? 1 : 0],
  );
  await reader.goto(`${base}/d/${doctor.id}`);
  await reader.getByText('Kind and clear.').waitFor();
  found.push(...(await look(reader, 'reviews')));
  await reader.getByRole('button', { name: 'Show more reviews' }).click();
  await reader.getByText('The oldest.').waitFor();
  assert.equal(await reader.locator('[data-review]').count(), 6);

  const patient = await makePatient('Asha Devi Rao');
  const body = { doctor_id: doctor.id, hospital_id: free[0].hospital_id, starts_at: free[0].starts_at };
  const { data: hold } = await api('POST', '/api/holds', { token: patient.token, body });
  const page = await open();
  await signIn(page, patient);
  await reply(page, `**/api/appointments/${hold.id}*`, async (route) => {
    const now = await (await route.fetch()).json();
    return { ...now, status: 'fulfilled' };
  });
  let own;
  const sent = [];
  await reply(page, '**/api/reviews?*', () => ({ items: own ? [own] : [] }));
  const write = (route) => {
    if (route.request().method() === 'GET') return undefined;
    sent.push(route.request().postDataJSON());
    own = { ...review(21, { author: 'Asha R.' }), ...own, ...sent.at(-1), appointment_id: hold.id, hidden: false };
    return own;
  };
  await reply(page, `**/api/doctors/${doctor.id}/reviews`, write, 201);
  await reply(page, '**/api/reviews/21', write);
  await page.goto(`${base}/a/${hold.id}`);
  // By keyboard: the stars are radio buttons.
  await page.getByRole('button', { name: 'Publish the review' }).press('Enter');
  await page.getByText('Choose one to five stars').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.type), 'radio');
  found.push(...(await look(page, 'review-form')));
  await page.getByRole('radio', { name: /1 star/ }).press('Space');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  await page.getByLabel('What should others know?').fill('Listened well.\nExplained <b>everything</b>.');
  await page.getByRole('button', { name: 'Publish the review' }).click();
  await page.getByText('Saved.').waitFor();
  assert.ok(await page.getByText('Saved.').evaluate((el) => el === document.activeElement));
  found.push(...(await look(page, 'review-own')));
  await page.getByRole('button', { name: 'Change the review' }).click();
  await page.getByRole('radio', { name: /2 stars/ }).check();
  await page.getByRole('button', { name: 'Save the review' }).click();
  await page.getByText('rated 2 of 5').waitFor({ state: 'attached' });
  const text = 'Listened well.\nExplained <b>everything</b>.';
  assert.deepEqual(sent, [
    { rating: 4, text, appointment_id: hold.id },
    { rating: 2, text },
  ]);
  await release({ id: hold.id, token: patient.token });
  assert.deepEqual([...found, ...page.faults, ...reader.faults], []);
});

test('a finished visit is reviewed, changed, hidden and shown again', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  // The demo's patient has been with the demo's doctor, where others have been too.
  const page = await open();
  await signIn(page, loginOf('patient'));
  const { items } = await ask(page, '/api/appointments?status=fulfilled');
  const visit = items.find((one) => !one.review_id);
  if (!visit) return t.skip('the visit of this data folder has its review already');
  const { data: doctor } = await api('GET', `/api/doctors/${visit.doctor_id}`);
  const before = (await api('GET', `/api/doctors/${doctor.id}/reviews`)).data.stars;

  // By keyboard alone: the stars are radio buttons.
  await page.goto(`${base}/me`);
  await page.getByRole('link', { name: /^Review the visit/ }).press('Enter');
  await page.getByRole('heading', { name: 'How was your visit?' }).waitFor();
  await page.getByRole('button', { name: 'Publish the review' }).press('Enter');
  await page.getByText('Choose one to five stars').waitFor();
  const found = await look(page, 'review-form');
  await page.getByRole('radio', { name: /1 star/ }).press('Space');
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
  assert.ok(await page.getByRole('radio', { name: /4 stars/ }).isChecked());
  await page.getByLabel('What should others know?').fill('Listened well.\nExplained <b>everything</b>.');
  await page.getByRole('button', { name: 'Publish the review' }).click();
  await page.getByText('Saved.').waitFor();
  assert.ok(await page.getByText('Saved.').evaluate((el) => el === document.activeElement));
  found.push(...(await look(page, 'review-own')));

  const reader = await open();
  await reader.goto(`${base}/d/${doctor.id}`);
  const reviews = reader.getByRole('region', { name: 'What patients say' });
  await reviews.getByText('Explained <b>everything</b>.').waitFor();
  await reviews.getByText('Demo p.').waitFor();
  await reviews.getByText(`from ${doctor.reviews + 1} patients`).waitFor();
  const spread = reviews.getByRole('group', { name: 'How the stars spread' });
  assert.equal((await spread.locator('dd').allInnerTexts())[1].trim(), String(before.four + 1));
  found.push(...(await look(reader, 'reviews')));

  await page.getByRole('button', { name: 'Change the review' }).click();
  await page.getByRole('radio', { name: /2 stars/ }).check();
  await page.getByRole('button', { name: 'Save the review' }).click();
  await page.getByText('Saved.').waitFor();
  const sum = doctor.rating * doctor.reviews + 2;
  const { rating } = await ask(reader, `/api/doctors/${doctor.id}`);
  assert.ok(Math.abs(rating - sum / (doctor.reviews + 1)) < 0.02, `${rating}`);

  const admin = await open();
  await signIn(admin, loginOf('hospital_admin'));
  await admin.goto(`${base}/admin/reviews`);
  const own = admin.locator('li').filter({ hasText: 'Demo p.' });
  await own.getByRole('button', { name: /^Hide/ }).click();
  await admin.getByLabel('Reason').fill('It names another patient.');
  found.push(...(await axe(admin, 'review hide')));
  await shot(admin, 'review-hide', false);
  await admin.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
  await admin.getByText('The review by Demo p. is hidden.').waitFor();
  await own.getByText('Hidden', { exact: true }).waitFor();
  found.push(...(await look(admin, 'admin-reviews')));
  await reader.reload();
  await reviews.getByText(`from ${doctor.reviews} patient`).waitFor();
  assert.equal(await reviews.getByText('Demo p.').count(), 0);
  await page.reload();
  await page.getByText('It names another patient.').waitFor();

  await own.getByRole('button', { name: /^Show again/ }).click();
  await admin.getByText('The review by Demo p. is shown again.').waitFor();
  await reader.reload();
  await reviews.getByText('Demo p.').waitFor();
  assert.deepEqual([...found, ...page.faults, ...reader.faults, ...admin.faults], []);
});

test('a visit can be reviewed when it is over, and not before', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  if (!process.env.FAIRWARD_LONG) return t.skip('waits up to five minutes: set FAIRWARD_LONG');
  const { doctor, patient, visit, finish } = await visitNow('Asha Devi Rao');
  const page = await open();
  await signIn(page, patient);
  await page.goto(`${base}/a/${visit.id}`);
  await page.getByRole('heading', { name: 'Your appointment' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Publish the review' }).count(), 0);
  await finish();
  await page.reload();
  await page.getByRole('radio', { name: /4 stars/ }).check();
  await page.getByRole('button', { name: 'Publish the review' }).click();
  await page.getByText('Saved.').waitFor();
  const { data } = await api('GET', `/api/doctors/${doctor.id}/reviews`);
  assert.ok(data.items.some(({ author, rating }) => author === 'Asha R.' && rating === 4));
  assert.deepEqual(page.faults, []);
});
