// What people are told: the bell, the inbox, how they want to be told, and the private calendar.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, ask, axe, base, close, dateIn, makePatient, open, shot, signIn, tabTo, test } from './helpers.mjs';
import { freeSlots, haveRoles, loginOf, tokenOf } from './roles.mjs';

const zone = 'Asia/Kolkata';
const today = dateIn(zone, Date.now());
const plus = (date, days) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
after(close);

/** Books for the patient, as the front desk does; the patient is told. */
async function book(patient) {
  const { doctor_id: doctor } = loginOf('doctor');
  const slots = await freeSlots(doctor, plus(today, 2), plus(today, 6));
  const slot = slots[Math.floor(slots.length / 2)];
  const body = { doctor_id: doctor, hospital_id: slot.hospital_id, starts_at: slot.starts_at, patient_id: patient.id };
  return (await api('POST', '/api/appointments', { token: await tokenOf('front_desk'), body })).data;
}

test('a message is told by the bell while one looks, read in the inbox and followed, by keyboard', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const patient = await makePatient('Bella Bell');
  const page = await open({ width: 390, height: 844 });
  await signIn(page, patient);
  await page.goto(`${base}/me/messages`);
  await page.getByText('No messages yet').waitFor();
  const booked = await book(patient);
  await page.getByRole('link', { name: 'Messages: 1 is new' }).waitFor();
  await page.locator('[data-message]').waitFor();
  assert.deepEqual(await axe(page, 'inbox'), []);
  await shot(page, 'inbox');
  await tabTo(page, '[data-message] a');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/a/${booked.id}`));
  await page.getByRole('link', { name: 'Messages: nothing new' }).waitFor();
  await api('PUT', `/api/appointments/${booked.id}/cancel`, {
    token: await tokenOf('hospital_admin'),
    body: { reason: 'The doctor is ill' },
  });
  await page.getByRole('link', { name: 'Messages: 1 is new' }).press('Enter');
  await page.locator('[data-message][data-new]').waitFor();
  await page.getByRole('button', { name: 'Mark all as read' }).press('Enter');
  await page.locator('[data-message][data-new]').waitFor({ state: 'detached' });
  assert.equal((await ask(page, '/api/me/notifications')).unread, 0);
  await page.getByLabel('Only what is new').check();
  await page.getByText('Nothing is new').waitFor();
  assert.deepEqual(page.faults, []);
});

test('how one is told is chosen, and the calendar has an address that can be taken back', async (t) => {
  if (!haveRoles) return t.skip('no logins: set FAIRWARD_LOGINS');
  const patient = await makePatient('Quentin Quiet');
  const page = await open();
  await signIn(page, patient);
  await page.goto(`${base}/me/account`);
  const telling = page.getByRole('region', { name: 'How you are told' });
  await telling.getByLabel('Bookings, moves, cancellations: SMS').check();
  await telling.getByLabel('Language of the messages').selectOption('hi');
  await telling.getByLabel('Quiet hours').check();
  await telling.getByLabel('From').fill('22:30');
  await telling.getByRole('button', { name: 'Save' }).click();
  await telling.getByText('Saved').waitFor();
  const kept = await ask(page, '/api/me/notification-preferences');
  assert.deepEqual([kept.language, kept.quiet.from], ['hi', '22:30']);
  assert.ok(kept.topics.find(({ topic }) => topic === 'bookings').sms);

  const feed = page.getByRole('region', { name: 'Private calendar' });
  await feed.getByRole('button', { name: 'Make an address' }).click();
  const address = await feed.getByLabel('Address to subscribe to').inputValue();
  assert.match(address, /\/api\/calendar\/.+\.ics$/);
  const follow = await feed.getByRole('link', { name: 'Follow it in my calendar' }).getAttribute('href');
  assert.equal(follow, address.replace(/^https?/, 'webcal'));
  const { pathname } = new URL(address);
  assert.match(await (await fetch(base + pathname)).text(), /^BEGIN:VCALENDAR/);
  assert.deepEqual(await axe(page, 'account'), []);
  await shot(page, 'account-telling');
  await feed.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await feed.getByText('The address is taken back.').waitFor();
  assert.equal((await fetch(base + pathname)).status, 404);
  assert.deepEqual(page.faults, []);
});
