// Standing in line: all times of a day are held by others, a place is taken, a time comes free, the offer is paid.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import {
  api,
  ask,
  axe,
  base,
  close,
  fillAgain,
  fillDay,
  findDayToFill,
  makePatient,
  open,
  release,
  shot,
  signIn,
  test,
} from './helpers.mjs';

let day;
let holds = [];
before(async () => {
  day = await findDayToFill();
  if (day) holds = await fillDay(day);
});
after(async () => {
  for (const hold of holds) await release(hold);
  await close();
});

test('the head of the line is offered the time that comes free, pays and is booked', async (t) => {
  if (!day || holds.length === 0) return t.skip('no day is small enough to be filled');
  const page = await open();
  const patient = await makePatient('Walter Waiter');
  await signIn(page, patient);
  await page.goto(`${base}/d/${day.doctor.id}?on=${day.date}`);
  await page.getByText(/on hold, none is free/).waitFor();
  await shot(page, 'doctor-held-light');
  await page
    .getByRole('button', { name: /^Stand in line for/ })
    .first()
    .click();
  await page.waitForURL(/\/wait\/\d+/);
  const id = page.url().match(/\/wait\/(\d+)/)[1];
  assert.equal(await page.getByTestId('position').innerText(), '1');

  const second = await open({ width: 390 });
  const next = await makePatient('Nora Next');
  await signIn(second, next);
  const body = { doctor_id: day.doctor.id, from: day.date, to: day.date, slots: 1 };
  const { data: behind } = await api('POST', '/api/waits', { token: next.token, body });
  await second.goto(`${base}/wait/${behind.id}`);
  await second.getByText('1 person is before you.').waitFor();
  await shot(second, 'wait-second-phone');

  await page.reload();
  assert.equal(await page.getByTestId('position').innerText(), '1', 'the place survives a reload');
  await shot(page, 'wait-light');
  const found = await axe(page, 'wait');

  const freed = holds.findIndex((h) => h.slots === 1);
  await release(holds.splice(freed < 0 ? 0 : freed, 1)[0]);
  await page.getByRole('heading', { name: 'It is your turn' }).waitFor({ timeout: 20_000 });
  found.push(...(await axe(page, 'offer')));
  await shot(page, 'wait-offer-light');
  const wait = await ask(page, `/api/waits/${id}`);
  assert.equal(wait.status, 'offered');
  await page.getByRole('link', { name: 'Take this time and pay' }).click();
  await page.getByRole('button', { name: /^(Pay|Book)/ }).click();
  await page.waitForURL(/\/a\/\d+/, { timeout: 40_000 });
  assert.equal((await ask(page, `/api/appointments/${wait.offer.hold_id}`)).status, 'booked');

  if ((await api('GET', `/api/waits/${behind.id}`, { token: next.token })).data.status === 'waiting') {
    await second.getByText('You are next.').waitFor({ timeout: 10_000 });
    await second.getByRole('button', { name: 'Leave the line' }).click();
    await second.getByRole('button', { name: 'Yes, leave' }).click();
  } else {
    await second.getByRole('button', { name: 'I do not want this time' }).click();
    await second.getByRole('button', { name: 'Yes, leave' }).click();
  }
  await second.getByText('You left the line').waitFor();
  await shot(second, 'wait-left-phone');
  found.push(...(await axe(second, 'left')));
  assert.deepEqual([...found, ...page.faults, ...second.faults], []);
});

test('without events the place is kept fresh by the long poll', async (t) => {
  if (!day || holds.length < 2) return t.skip('no day is small enough to be filled');
  const page = await open();
  const patient = await makePatient('Polly Poll');
  await signIn(page, patient);
  await page.context().route('**/api/events**', (route) => route.abort());
  holds.push(...(await fillAgain(day)));
  const body = { doctor_id: day.doctor.id, from: day.date, to: day.date, slots: 1 };
  const reply = await api('POST', '/api/waits', { token: patient.token, body });
  await page.goto(`${base}/wait/${reply.data.id}`);
  await page.getByTestId('position').waitFor();
  await page.waitForTimeout(2500);
  await release(holds.shift());
  await page.getByRole('heading', { name: 'It is your turn' }).waitFor({ timeout: 20_000 });
  await api('DELETE', `/api/waits/${reply.data.id}`, { token: patient.token });
  await page.getByText('You left the line').waitFor({ timeout: 20_000 });
});
