// Search as people use it, from outside: words as they type them, suggestions, times that are live, reviews.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('search', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine, demo: { cities: 3, doctors: 48 } });
  });
  after(() => world?.stop());

  const get = (target, token) => world.api('GET', target, undefined, token);
  const find = async (keyword) =>
    isOk(await get(`/api/doctors?limit=30&keyword=${encodeURIComponent(keyword)}`), 200).items;
  const suggest = async (query) => isOk(await get(`/api/search/suggestions?${query}`), 200);

  test('complaints, slips and other scripts lead to the doctor', async () => {
    for (const words of ['heart', 'chest pain', 'dil ka doctor', 'दिल', 'cardeologist', 'हृदय रोग']) {
      const found = await find(words);
      assert.ok(found.length > 0, words);
      assert.equal(found[0].speciality.name, 'Cardiologist', words);
    }
    const [doctor] = await find('');
    for (const name of [doctor.name, doctor.name.split(' ').reverse().join(' ')]) {
      assert.equal((await find(name))[0].name, doctor.name, name);
    }
  });

  test('suggestions while one types', async () => {
    const kinds = async (words) => (await suggest(`q=${encodeURIComponent(words)}`)).items;
    const speciality = (await kinds('बुखार'))[0];
    assert.equal(speciality.kind, 'speciality');
    assert.equal(speciality.name, 'General Physician');
    assert.ok(speciality.doctors > 0);
    assert.ok((await kinds('bombay')).some((item) => item.kind === 'city' && item.name === 'Mumbai'));
    const [doctor] = await find('');
    const family = doctor.name.split(' ').at(-1);
    const named = (await kinds(family)).filter((item) => item.kind === 'doctor');
    assert.ok(named.length > 0 && named.every((item) => item.id > 0 && item.detail));
    const begin = await suggest('');
    assert.ok(
      begin.items.some((item) => item.kind === 'city') && begin.items.some((item) => item.kind === 'speciality'),
    );
    pointsAt(await get('/api/search/suggestions?limit=11'), '?limit');
    assert.deepEqual((await suggest(`q=${encodeURIComponent('ぬ'.repeat(40))}`)).items, []);
  });

  test('the next free times of a hit change with a hold, and come back with its release', async () => {
    const patient = await world.patient();
    const [doctor] = isOk(await get('/api/doctors?sort=first_free&limit=1'), 200).items;
    const nextFree = async () => {
      const words = encodeURIComponent(doctor.name);
      const page = isOk(await get(`/api/doctors?limit=30&keyword=${words}`), 200);
      const hit = page.items.find((item) => item.id === doctor.id);
      assert.equal(hit.first_free_at, hit.next_free[0]);
      return hit.next_free;
    };
    const before = await nextFree();
    assert.equal(before.length, 4);
    const held = isOk(
      await world.api('POST', '/api/holds', { doctor_id: doctor.id, starts_at: before[1] }, patient.token),
      201,
    );
    const during = await nextFree();
    assert.ok(!during.includes(before[1]));
    assert.deepEqual(during.slice(0, 3), [before[0], before[2], before[3]]);
    isOk(await world.api('DELETE', `/api/holds/${held.id}`, undefined, patient.token), 204);
    assert.deepEqual(await nextFree(), before);
  });

  test('reviews are by those who were there', async () => {
    const patient = await world.patient();
    const doctor = isOk(await get('/api/doctors?limit=30'), 200).items.find((one) => one.reviews === 0);
    const reviews = `/api/doctors/${doctor.id}/reviews`;
    assert.deepEqual(isOk(await get(reviews), 200).items, []);
    const post = (body, token) => world.api('POST', reviews, body, token);
    assert.equal((await post({ appointment_id: 1, rating: 5 })).status, 401);
    isProblem(await post({ appointment_id: 999_999, rating: 5 }, patient.token), 422, 'reviews.visit_not_found');
    pointsAt(await post({ appointment_id: 1, rating: 6 }, patient.token), '/rating');
    const slot = doctor.next_free[3];
    const held = isOk(
      await world.api('POST', '/api/holds', { doctor_id: doctor.id, starts_at: slot }, patient.token),
      201,
    );
    isProblem(await post({ appointment_id: held.id, rating: 5 }, patient.token), 409, 'reviews.visit_not_finished');
    isProblem(await get('/api/doctors/999999/reviews'), 404, 'reviews.doctor_not_found');
  });
});
