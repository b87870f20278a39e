// The reception's day: who arrives, in which order they are called, what staff, patients and the wall see of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const today = (zone) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now());

onEachEngine('reception', (engine) => {
  let world, token, doctor, hospital, zone, patients, booked;
  const put = (id, as) => world.api('PUT', `/api/appointments/${id}/arrival`, {}, as);
  const call = (body, as) =>
    world.api('POST', `/api/doctors/${doctor}/summonses`, { hospital_id: hospital, ...body }, as);
  const board = async (as, query = '') =>
    isOk(await world.api('GET', `/api/reception/board?${query}`, undefined, as), 200);
  const display = async () => isOk(await world.api('GET', `/api/hospitals/${hospital}/display`), 200);

  before(async () => {
    world = await start({ engine, demo: { cities: 1, doctors: 6 } });
    token = {};
    for (const role of ['doctor', 'front_desk', 'ward_admin', 'platform_admin']) token[role] = await world.staff(role);
    doctor = isOk(await world.api('GET', '/api/me', undefined, token.doctor), 200).doctor_id;
    hospital = isOk(await world.api('GET', '/api/me', undefined, token.front_desk), 200).hospital_id;
    await world.schedule(doctor, { starts: '00:00', ends: '24:00', slot_minutes: 5 });
    ({ time_zone: zone } = isOk(await world.api('GET', `/api/doctors/${doctor}/slots`), 200));
    const slots = await world.slots(doctor, { from: today(zone), to: today(zone) });
    booked = [];
    patients = [];
    for (const slot of slots.slice(0, 4)) {
      const name = `Walker ${booked.length + 1}`;
      const person = isOk(await world.api('POST', '/api/patients', { name }, token.front_desk), 201);
      const wish = { doctor_id: doctor, hospital_id: hospital, starts_at: slot.starts_at, patient_id: person.id };
      patients.push(person);
      booked.push(isOk(await world.api('POST', '/api/appointments', wish, token.front_desk), 201));
    }
  });
  after(() => world?.stop());

  test('the desk says who is here; everybody gets a number, once', async (t) => {
    if (booked.length < 4) return t.skip('the day is nearly over at the hospital');
    const second = isOk(await put(booked[1].id, token.front_desk), 200);
    assert.equal(second.token, 1);
    assert.equal(second.ahead, 0);
    const again = isOk(await put(booked[1].id, token.ward_admin), 200);
    assert.deepEqual(again, second);
    const first = isOk(await put(booked[0].id, token.front_desk), 200);
    assert.deepEqual([first.token, first.ahead], [2, 0], 'who is due earlier is called earlier');
    const status = await world.api('GET', `/api/appointments/${booked[0].id}`, undefined, token.front_desk);
    assert.equal(status.body.status, 'arrived');
  });

  test('forty who arrive at once have forty numbers', async (t) => {
    if (booked.length < 4) return t.skip('the day is nearly over at the hospital');
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, i) => put(booked[2 + (i % 2)].id, token.front_desk)),
    );
    const tokens = new Set(replies.map((reply) => isOk(reply, 200).token));
    assert.deepEqual([...tokens].sort(), [3, 4]);
  });

  test('the board knows names and turns, the wall numbers only', async (t) => {
    if (booked.length < 4) return t.skip('the day is nearly over at the hospital');
    const { items, on, time_zone } = await board(token.front_desk, `doctor_id=${doctor}`);
    assert.equal(on, today(zone));
    assert.equal(time_zone, zone);
    const rows = items.filter((row) => row.patient_name.startsWith('Walker'));
    assert.deepEqual(
      rows.map(({ patient_name, state, turn }) => [patient_name, state, turn]),
      [1, 2, 3, 4].map((number) => [`Walker ${number}`, 'arrived', number]),
    );
    assert.deepEqual(await board(token.doctor, `hospital_id=${hospital}`), {
      ...(await board(token.front_desk, `doctor_id=${doctor}`)),
    });
    const wall = await display();
    const row = wall.items.find((one) => one.doctor_id === doctor);
    assert.deepEqual([row.waiting, row.next, row.token], [4, [2, 1, ...row.next.slice(2)], undefined]);
    assert.doesNotMatch(JSON.stringify(wall), /Walker|patient/);
  });

  test('called in turn, again if need be, and told at once', async (t) => {
    if (booked.length < 4) return t.skip('the day is nearly over at the hospital');
    const before = await world.api('GET', `/api/hospitals/${hospital}/display`);
    const told = world.api('GET', `/api/hospitals/${hospital}/display?wait=20`, undefined, undefined, {
      'if-none-match': before.headers.etag,
    });
    const called = isOk(await call({ room: 'Room 4' }, token.doctor), 200);
    assert.deepEqual([called.appointment_id, called.room], [booked[0].id, 'Room 4']);
    const row = isOk(await told, 200).items.find((one) => one.doctor_id === doctor);
    assert.deepEqual([row.token, row.room, row.waiting], [2, 'Room 4', 3]);
    assert.equal(isOk(await call({}, token.front_desk), 200).appointment_id, booked[1].id);
    const recalled = isOk(await call({ appointment_id: booked[0].id, room: 'Room 5' }, token.front_desk), 200);
    assert.deepEqual([recalled.token, recalled.room], [2, 'Room 5']);
    assert.equal(
      (await board(token.doctor, `hospital_id=${hospital}`)).items.filter(({ state }) => state === 'called').length,
      2,
    );
    isOk(await call({}, token.doctor), 200);
    isOk(await call({}, token.doctor), 200);
    isProblem(await call({}, token.doctor), 409, 'reception.nobody_here');
  });

  test('how late the doctor runs', async () => {
    const delay = (minutes, as) =>
      world.api('POST', `/api/doctors/${doctor}/delays`, { hospital_id: hospital, minutes }, as);
    isOk(await delay(20, token.doctor), 200);
    assert.deepEqual((await board(token.front_desk)).delays, [
      { doctor_id: doctor, hospital_id: hospital, minutes: 20 },
    ]);
    isOk(await delay(0, token.front_desk), 200);
    assert.equal((await board(token.front_desk)).delays[0].minutes, 0);
    isProblem(await delay(481, token.doctor), 422);
  });

  test('only today, only who is booked, only ours', async () => {
    const [later] = await world.slots(doctor, { from: today(zone), soonest: 3 * 86_400_000 });
    const wish = { doctor_id: doctor, starts_at: later.starts_at };
    const patient = await world.patient();
    const hold = isOk(await world.api('POST', '/api/holds', wish, patient.token), 201);
    isProblem(await put(hold.id, token.front_desk), 409, 'reception.not_today');
    isProblem(await put(987_654_321, token.front_desk), 404);
    isProblem(await put(hold.id, patient.token), 403);
    if (booked.length < 4) return;
    const other = await world.api('GET', `/api/appointments/${booked[0].id}/arrival`, undefined, patient.token);
    isProblem(other, 404, 'reception.arrival_not_found');
    const own = isOk(await world.api('GET', `/api/appointments/${booked[0].id}/arrival`, undefined, token.doctor), 200);
    assert.equal(own.room, 'Room 5');
    const cancelled = { status: 'cancelled' };
    isOk(await world.api('PUT', `/api/appointments/${booked[3].id}`, cancelled, token.ward_admin), 200);
    isProblem(await put(booked[3].id, token.front_desk), 409, 'reception.not_expected');
  });
});
