// Cities, hospitals, departments, doctors and search, from outside.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('directory', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine, demo: { cities: 2, doctors: 20 } });
  });
  after(() => world?.stop());

  const get = (target, token) => world.api('GET', target, undefined, token);
  const items = async (target) => isOk(await get(target), 200).items;

  test('anyone browses from the city to the doctor', async () => {
    const cities = await items('/api/cities');
    assert.equal(cities.length, 2);
    assert.ok(cities[0].doctors >= cities[1].doctors);
    const specialities = await items(`/api/specialities?city_id=${cities[0].id}`);
    assert.ok(specialities.length > 0 && specialities.every((entry) => entry.name && entry.doctors > 0));
    const hospitals = await items(`/api/hospitals?city_id=${cities[0].id}`);
    assert.ok(hospitals.length > 0);
    assert.ok(hospitals.every((hospital) => hospital.city_id === cities[0].id && hospital.time_zone.includes('/')));
    isOk(await get(`/api/hospitals/${hospitals[0].id}`), 200);
    await items(`/api/departments?hospital_id=${hospitals[0].id}`);
    const doctors = await items(`/api/doctors?city_id=${cities[0].id}`);
    assert.ok(doctors.length > 0);
    const doctor = isOk(await get(`/api/doctors/${doctors[0].id}`), 200);
    assert.equal(doctor.name, doctors[0].name);
    assert.ok(doctor.practices.length > 0 && doctor.practices[0].fee.currency.length === 3);
    assert.ok(doctor.max_booking_days > 0);
  });

  test('lists are sent once to those who have them, and never stale to who changed them', async () => {
    const administrator = await world.staff('platform_admin');
    const { id } = (await items('/api/hospitals'))[0];
    const doctor = (await items('/api/doctors?sort=name'))[0];
    const read = (target, headers) =>
      world.api('GET', target, undefined, undefined, { 'Accept-Encoding': 'gzip', ...headers });
    const changes = {
      [`/api/departments?hospital_id=${id}`]: async (name) => {
        isOk(await world.api('POST', '/api/departments', { hospital_id: id, name }, administrator), 201);
      },
      '/api/doctors?sort=name': async (name) => {
        const target = `/api/doctors/${doctor.id}`;
        const match = { 'If-Match': (await get(target)).headers.etag };
        isOk(await world.api('PUT', target, { given_name: name }, administrator, match), 200);
      },
    };
    for (const [list, change] of Object.entries(changes)) {
      for (const name of ['Aardvark', 'Abacus', 'Abalone']) {
        const known = (await read(list)).headers.etag;
        assert.match(known, /^W\/"/);
        const same = await read(list, { 'If-None-Match': known });
        assert.equal(same.status, 304, list);
        assert.equal(same.headers['cache-control'], 'no-cache');
        await change(name);
        const changed = await read(list, { 'If-None-Match': known });
        assert.equal(changed.status, 200, list);
        assert.notEqual(changed.headers.etag, known);
        assert.ok(changed.text.includes(name), `${list} lacks ${name}`);
      }
    }
  });

  test('search filters, orders, pages and counts', async () => {
    const all = isOk(await get('/api/doctors?limit=30&sort=name'), 200);
    assert.equal(all.total, 20);
    const names = all.items.map((doctor) => doctor.name);
    assert.deepEqual(
      names,
      [...names].sort((a, b) => (a < b ? -1 : 1)),
    );
    const seen = [];
    for (let cursor = ''; cursor !== undefined; ) {
      const page = isOk(
        await get(`/api/doctors?limit=7&sort=name${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
        200,
      );
      assert.ok(page.items.length <= 7);
      seen.push(...page.items.map((doctor) => doctor.id));
      cursor = page.next ?? undefined;
    }
    assert.deepEqual(
      seen,
      all.items.map((doctor) => doctor.id),
    );
    const { speciality } = all.items[0];
    const filtered = isOk(await get(`/api/doctors?speciality_id=${speciality.id}&limit=30`), 200);
    assert.ok(filtered.items.length > 0 && filtered.items.every((doctor) => doctor.speciality.id === speciality.id));
    assert.equal(filtered.total, filtered.items.length);
    const fees = isOk(await get('/api/doctors?sort=fee&limit=30'), 200).items.map((doctor) =>
      Math.min(...doctor.practices.map((p) => p.fee.amount_minor)),
    );
    assert.deepEqual(
      fees,
      [...fees].sort((a, b) => a - b),
    );
    const ratings = isOk(await get('/api/doctors?sort=rating&limit=30'), 200).items.map((doctor) => doctor.rating ?? 0);
    assert.deepEqual(
      ratings,
      [...ratings].sort((a, b) => b - a),
    );
    const facets = all.facets.specialities.reduce((sum, facet) => sum + facet.count, 0);
    assert.equal(facets, 20);
  });

  test('the first free time is one that can be held', async () => {
    const { items: doctors } = isOk(await get('/api/doctors?sort=first_free&limit=30'), 200);
    const doctor = doctors.find((entry) => entry.first_free_at);
    assert.ok(doctor, 'someone has a free time');
    assert.equal(doctor.next_free[0], doctor.first_free_at);
    assert.ok(doctor.next_free.length <= 4);
    const day = doctor.first_free_at.slice(0, 10);
    const from = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    const slots = await world.slots(doctor.id, { from });
    assert.ok(
      slots.some((slot) => slot.starts_at === doctor.first_free_at),
      `${doctor.first_free_at} is not in the list`,
    );
  });

  test('a misspelt word still finds', async () => {
    const { items: doctors } = isOk(await get('/api/doctors?limit=30'), 200);
    const name = doctors[0].speciality.name;
    const misspelt = name.slice(0, 3) + name[4] + name[3] + name.slice(5);
    const found = isOk(await get(`/api/doctors?keyword=${encodeURIComponent(misspelt)}&limit=30`), 200);
    assert.ok(
      found.items.some((doctor) => doctor.speciality.name === name),
      `${misspelt} does not find ${name}`,
    );
  });

  test('the search of the document answers in its own shape', async () => {
    const reply = await get('/api/doctors/search?results_per_page=5&includeSpellcheck=yes&sorting_order=rating,desc');
    const hits = isOk(reply, 200);
    assert.ok(Array.isArray(hits) && hits.length === 5);
    const wanted = [
      'id',
      'fname',
      'sname',
      'sal_name',
      'spec_name',
      'bio',
      'img_url',
      'max_bok_day',
      'city_name',
      'email',
      'tel',
      'ful_name',
      'full_name',
      'first_avl_day',
    ];
    for (const hit of hits) assert.deepEqual(Object.keys(hit).sort(), [...wanted].sort());
    assert.match(reply.headers.link ?? '', /rel="?next"?/);
    for (const order of ['rating,asc', 'date,asc', 'distance,asc', 'type,date,desc', 'date,type,asc']) {
      isOk(
        await get(`/api/doctors/search?results_per_page=3&sorting_order=${order}&lat_long=18.5,73.8&radius=50`),
        200,
      );
    }
  });

  test('queries out of bounds are refused with their name', async () => {
    const cases = {
      '/api/doctors/search?results_per_page=31': '?results_per_page',
      '/api/doctors/search?results_per_page=0': '?results_per_page',
      '/api/doctors?limit=31': '?limit',
      '/api/doctors?radius_km=-1': '?radius_km',
      '/api/doctors?latitude=91&longitude=0': '?latitude',
      '/api/doctors?sort=best': '?sort',
      '/api/doctors?colour=red': '?colour',
      '/api/doctors?speciality_id=abc': '?speciality_id',
      '/api/doctors?fee_max_minor=99999999999999999999': '?fee_max_minor',
      '/api/cities?limit=501': '?limit',
    };
    for (const [target, pointer] of Object.entries(cases)) pointsAt(await get(target), pointer);
    const cursor = await get('/api/doctors?cursor=garbage');
    assert.ok([400, 422].includes(cursor.status), cursor.text);
    isProblem(await get('/api/doctors/999999'), 404);
    const zero = await get('/api/doctors/0');
    assert.ok([404, 422].includes(zero.status), zero.text);
    isProblem(await get('/api/postal-codes/nowhere'), 404);
  });

  test('departments come and go, but not while in use', async () => {
    const admin = await world.staff('hospital_admin');
    const me = isOk(await world.api('GET', '/api/me', undefined, admin), 200);
    const hospital = (me.user ?? me).hospital_id;
    const made = isOk(
      await world.api('POST', '/api/departments', { hospital_id: hospital, name: 'Sleep Medicine' }, admin),
      201,
    );
    const list = await items(`/api/departments?hospital_id=${hospital}`);
    assert.ok(
      list.some((department) => department.id === made.id),
      'its writer sees it at once',
    );
    isOk(await world.api('DELETE', `/api/departments/${made.id}`, undefined, admin), 204);
    assert.ok(
      !(await items(`/api/departments?hospital_id=${hospital}`)).some((department) => department.id === made.id),
    );
    isProblem(await world.api('DELETE', `/api/departments/${made.id}`, undefined, admin), 404);
  });

  test('a hospital is changed by who read it last', async () => {
    const admin = await world.staff('hospital_admin');
    const me = isOk(await world.api('GET', '/api/me', undefined, admin), 200);
    const target = `/api/hospitals/${(me.user ?? me).hospital_id}`;
    const read = await get(target);
    const { etag } = read.headers;
    assert.ok(etag);
    const { name } = read.body;
    const body = { name: `${name} Renamed` };
    isProblem(await world.api('PUT', target, body, admin), 428);
    isProblem(await world.api('PUT', target, body, admin, { 'if-match': '"999"' }), 412);
    const changed = await world.api('PUT', target, body, admin, { 'if-match': etag });
    assert.ok([200, 204].includes(changed.status), changed.text);
    isProblem(await world.api('PUT', target, body, admin, { 'if-match': etag }), 412);
    assert.equal((await get(target)).body.name, `${name} Renamed`);
    const patient = await world.patient();
    isProblem(await world.api('PUT', target, body, patient.token, { 'if-match': etag }), 403);
  });
});
