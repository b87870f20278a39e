// What administrators and the front desk look for, from outside: doctors whom patients do not find, closed hospitals,
// accounts; days at midnight; reviews by the visit they are of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('administration', (engine) => {
  let world;
  let token;
  before(async () => {
    world = await start({ engine, demo: { cities: 2, doctors: 24 } });
    token = Object.fromEntries(
      await Promise.all(
        world.logins.map(async ({ role, login, password }) => {
          const reply = await world.api('POST', '/api/auth/login', { login, password });
          return [role, isOk(reply, 200).access_token];
        }),
      ),
    );
  });
  after(() => world?.stop());

  const get = async (target, role) => isOk(await world.api('GET', target, undefined, token[role]), 200);
  const put = (target, body, role, version) =>
    world.api('PUT', target, body, token[role], version ? { 'If-Match': `"${version}"` } : {});
  const login = (role) => world.logins.find((entry) => entry.role === role);

  test('a closed doctor is listed for administrators, and comes back', async () => {
    const hospital = login('hospital_admin').hospital_id;
    const roster = (query = '') => get(`/api/admin/doctors?${query}`, 'hospital_admin');
    const doctor = (await roster('status=bookable')).items.at(-1);
    assert.ok(doctor.practices.some((practice) => practice.hospital_id === hospital && practice.is_active));
    isOk(await put(`/api/doctors/${doctor.id}`, { status: 'closed' }, 'hospital_admin', doctor.version), 200);
    isProblem(await world.api('GET', `/api/doctors/${doctor.id}`), 404, 'directory.doctor_not_found');
    const closed = (await roster('status=inactive')).items.find(({ id }) => id === doctor.id);
    assert.deepEqual([closed.status, closed.bookable], ['closed', false]);
    assert.ok((await get('/api/admin/doctors?status=closed&limit=100', 'platform_admin')).items.length > 0);
    isOk(await put(`/api/doctors/${doctor.id}`, { status: 'active' }, 'hospital_admin', closed.version), 200);
    isOk(await world.api('GET', `/api/doctors/${doctor.id}`), 200);
    assert.equal((await roster('status=inactive')).items.length, 0);
    const word = encodeURIComponent(doctor.name.split(' ').at(-1).slice(0, 4));
    assert.ok((await roster(`keyword=${word}`)).items.some(({ id }) => id === doctor.id));
  });

  test('nobody lists the doctors of another hospital', async () => {
    const all = await get('/api/hospitals?limit=100', 'platform_admin');
    const other = all.items.find(({ id }) => id !== login('hospital_admin').hospital_id);
    isProblem(
      await world.api('GET', `/api/admin/doctors?hospital_id=${other.id}`, undefined, token.hospital_admin),
      404,
      'directory.hospital_not_found',
    );
    for (const role of ['patient', 'doctor', 'front_desk', 'ward_admin'])
      assert.equal((await world.api('GET', '/api/admin/doctors', undefined, token[role])).status, 403, role);
  });

  test('a hospital is closed and opened by the platform; closed, it is not found', async () => {
    const all = await get('/api/hospitals?limit=100', 'platform_admin');
    const hospital = all.items.find(({ id }) => id !== login('hospital_admin').hospital_id);
    assert.equal(hospital.status, 'active');
    const target = `/api/hospitals/${hospital.id}`;
    const [doctor] = (await get(`/api/doctors?hospital_id=${hospital.id}`)).items;
    const hasSlotsThere = async (wanted) => {
      for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(20)) {
        const { items } = await get(`/api/doctors/${doctor.id}/slots`);
        if (items.some((slot) => slot.hospital_id === hospital.id) === wanted) return;
      }
      assert.fail(`doctor ${doctor.id} should ${wanted ? '' : 'not '}have slots at hospital ${hospital.id}`);
    };
    await hasSlotsThere(true);
    isOk(await put(target, { status: 'closed' }, 'platform_admin', hospital.version), 200);
    await hasSlotsThere(false);
    const ids = async (query) => (await get(`/api/hospitals?limit=100&${query}`)).items.map(({ id }) => id);
    assert.ok(!(await ids('')).includes(hospital.id));
    assert.deepEqual(await ids('status=closed'), [hospital.id]);
    assert.ok((await ids('status=all')).includes(hospital.id));
    assert.deepEqual((await get(`/api/doctors?hospital_id=${hospital.id}`)).items, []);
    const closed = await get(target);
    assert.equal(closed.status, 'closed');
    isOk(await put(target, { status: 'active' }, 'platform_admin', closed.version), 200);
    assert.ok((await ids('')).includes(hospital.id));
    await hasSlotsThere(true);
    const own = await get(`/api/hospitals/${login('hospital_admin').hospital_id}`);
    isProblem(
      await put(`/api/hospitals/${own.id}`, { status: 'closed' }, 'hospital_admin', own.version),
      422,
      'directory.entry_invalid',
    );
  });

  test('accounts are found by name and login, within the hospital', async () => {
    const found = async (q, role) =>
      (await get(`/api/users?q=${encodeURIComponent(q)}`, role)).items.map(({ login: name }) => name);
    assert.deepEqual(await found('demo.desk', 'front_desk'), ['demo.desk']);
    assert.deepEqual(await found('DEMO WARD ADM', 'hospital_admin'), ['demo.ward']);
    assert.deepEqual(await found('demo.patient', 'hospital_admin'), []);
    assert.deepEqual(await found('demo.patient', 'platform_admin'), ['demo.patient']);
    assert.deepEqual(await found("'; DROP", 'platform_admin'), []);
    assert.equal((await world.api('GET', '/api/users?q=x', undefined, token.platform_admin)).status, 422);
    assert.equal((await world.api('GET', '/api/users?q=demo', undefined, token.patient)).status, 403);
  });

  test('ratings come from reviews that can be read, and a visit tells its review', async () => {
    const { items } = await get('/api/doctors?sort=rating&limit=10');
    const rated = items.filter(({ reviews }) => reviews > 0);
    assert.ok(rated.length > 0);
    for (const doctor of rated) {
      const list = await get(`/api/doctors/${doctor.id}/reviews?limit=50`);
      assert.equal(list.items.length, doctor.reviews);
      const words = ['one', 'two', 'three', 'four', 'five'];
      const counts = words.map((_, index) => list.items.filter(({ rating }) => rating === index + 1).length);
      assert.deepEqual(
        words.map((word) => list.stars[word]),
        counts,
      );
      const mean = list.items.reduce((sum, { rating }) => sum + rating, 0) / list.items.length;
      assert.ok(Math.abs(mean - doctor.rating) < 0.006, `${mean} ${doctor.rating}`);
    }
    const visit = (await get('/api/appointments', 'patient')).items.find(({ status }) => status === 'fulfilled');
    assert.equal(visit.review_id, undefined);
    const body = { appointment_id: visit.id, rating: 4, text: 'Clear words.' };
    const made = isOk(await world.api('POST', `/api/doctors/${visit.doctor_id}/reviews`, body, token.patient), 201);
    assert.equal((await get(`/api/appointments/${visit.id}`, 'patient')).review_id, made.id);
  });

  test('a day of a list is the day on the clinic’s wall', async () => {
    const visit = (await get('/api/appointments', 'patient')).items.find(({ status }) => status === 'fulfilled');
    const day = (shift) =>
      new Intl.DateTimeFormat('en-CA', { timeZone: visit.time_zone }).format(Date.parse(visit.starts_at) + shift);
    const listed = async (on) => (await get(`/api/appointments?from=${on}&to=${on}`, 'patient')).items.length;
    assert.deepEqual([await listed(day(-864e5)), await listed(day(0)), await listed(day(864e5))], [0, 1, 0]);
  });
});
