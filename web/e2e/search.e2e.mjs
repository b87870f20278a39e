// The search field: suggestions by keyboard and by touch, in any words, and without them when they fail.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, axe, base, close, open, shot, test } from './helpers.mjs';

after(close);
const search = (page) => new URL(page.url()).searchParams;
const suggestion = (page, name) => page.getByRole('listbox').getByRole('option', { name });
async function start(options) {
  const page = await open(options);
  await page.goto(base);
  await page.locator('article').first().waitFor();
  return { page, field: page.getByRole('combobox', { name: /^Doctor, complaint/ }) };
}

test('a complaint leads to its speciality by keyboard', async () => {
  const { page, field } = await start();
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('/');
  await page.keyboard.type('tooth');
  await suggestion(page, /Dentist/).waitFor();
  await page.keyboard.press('ArrowDown');
  const active = await field.getAttribute('aria-activedescendant');
  assert.match(await page.evaluate((id) => document.getElementById(id).innerText, active), /Dentist/);
  const found = await axe(page, 'suggestions');
  await shot(page, 'suggestions-light', false);
  await page.keyboard.press('Enter');
  await page.waitForURL(/spec=\d+/);
  assert.equal(search(page).get('q'), null);
  assert.equal(await field.inputValue(), '');
  assert.ok(await field.evaluate((el) => el === document.activeElement));
  assert.match(await page.locator('article').first().innerText(), /Dentist/);
  assert.deepEqual([...found, ...page.faults], []);
});

test('on a phone: the list without words, a doctor by touch, what troubles by one press', async () => {
  const { page, field } = await start({ width: 390, height: 844 });
  await shot(page, 'search-start-phone', false);
  await field.click();
  await suggestion(page, /Cardiologist/).waitFor();
  await shot(page, 'suggestions-phone', false);
  const found = await axe(page, 'suggestions phone');
  const { data } = await api('GET', '/api/doctors?limit=1');
  const [doctor] = data.items;
  await field.fill(doctor.name);
  await suggestion(page, new RegExp(doctor.name)).click();
  await page.waitForURL(new RegExp(`/d/${doctor.id}`));
  await page.goto(base);
  await field.fill('something');
  await page.getByRole('button', { name: 'Empty the field' }).click();
  assert.equal(await field.inputValue(), '');
  assert.ok(await field.evaluate((el) => el === document.activeElement));
  await page.getByRole('button', { name: 'Tooth pain' }).click();
  await page.waitForURL(/q=Tooth/);
  await page.locator('article').filter({ hasText: 'Dentist' }).first().waitFor();
  assert.deepEqual([...found, ...page.faults], []);
});

test('a city and what is searched there are both kept', async () => {
  const { page, field } = await start();
  const { data } = await api('GET', '/api/cities');
  const [city] = data.items;
  await field.fill(`cardiologist ${city.name}`);
  await suggestion(page, new RegExp(`^${city.name}`)).click();
  await page.waitForURL(/city=\d+/);
  assert.match(search(page).get('q'), /cardiologist/);
  await page.locator('article').filter({ hasText: 'Cardiologist' }).first().waitFor();
  assert.deepEqual(page.faults, []);
});

test('without suggestions the search works all the same', async () => {
  const { page, field } = await start();
  await page.route('**/api/search/suggestions*', (route) => route.abort());
  const shown = await page.locator('article').count();
  await field.click();
  assert.equal(await page.locator('article').count(), shown);
  await field.fill('dentist');
  await page.waitForURL(/q=dentist/);
  await page.locator('article').filter({ hasText: 'Dentist' }).first().waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.equal(await page.getByRole('listbox').count(), 0);
  assert.equal(await field.inputValue(), 'dentist');
  assert.deepEqual(page.faults, []);
});
