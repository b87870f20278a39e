// A parent books, waits, pays and cancels for a child; nobody else does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine('family', (engine) => {
  let world, parent, child, stranger, doctor, slots;
  before(async () => {
    world = await start({ engine, settings: { 'identity.family_max': 3 } });
    parent = await world.patient();
    stranger = await world.patient();
    doctor = isOk(await world.api('GET', '/api/doctors?limit=1'), 200).items[0].id;
    slots = await world.slots(doctor, { from: dateIn(2), to: dateIn(6) });
  });
  after(() => world?.stop());

  const as = (person) => (method, target, body) => world.api(method, target, body, person.token);
  const hold = (person, slot, patient_id) =>
    as(person)('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at, patient_id });

  test('a child is added, at once with all rights', async () => {
    const reply = await as(parent)('POST', '/api/me/family', {
      name: 'Little Rao',
      relation: 'child',
      birth_on: '2019-05-04',
      sex: 'female',
    });
    child = isOk(reply, 201);
    assert.equal(child.relation, 'child');
    const list = isOk(await as(parent)('GET', '/api/me/family'), 200).items;
    assert.deepEqual(list, [child]);
    assert.deepEqual(isOk(await as(stranger)('GET', '/api/me/family'), 200).items, []);
    assert.equal(isOk(await as(parent)('GET', `/api/patients/${child.id}`), 200).name, 'Little Rao');
  });

  test('a parent books, pays, reads, moves and cancels for the child', async () => {
    const held = isOk(await hold(parent, slots[0], child.id), 201);
    assert.equal(held.patient_id, child.id);
    isOk(await hold(parent, slots[1]), 201); // the cap is of each patient: the parent has one, too
    isProblem(await hold(parent, slots[2], child.id), 409, 'booking.patient_has_open_hold');
    const target = `/api/appointments/${held.id}`;
    isOk(await as(parent)('POST', `/api/holds/${held.id}/payments`, { method: 'sandbox', outcome: 'success' }), 202);
    const booked = await world.until(target, parent.token, (body) => body.status === 'booked');
    assert.equal(booked.patient_id, child.id);
    const payment = isOk(await as(parent)('GET', target), 200).payment;
    if (payment.id) isOk(await as(parent)('GET', `/api/payments/${payment.id}`), 200);
    const mine = isOk(await as(parent)('GET', '/api/appointments'), 200).items;
    assert.ok(mine.every((one) => one.patient_id === parent.id));
    const theirs = isOk(await as(parent)('GET', `/api/appointments?patient_id=${child.id}`), 200).items;
    assert.deepEqual(
      theirs.map((one) => one.id),
      [held.id],
    );
    const moved = isOk(await as(parent)('PUT', target, { starts_at: slots[4].starts_at }), 200);
    assert.equal(moved.starts_at, slots[4].starts_at);
    assert.equal(isOk(await as(parent)('PUT', `${target}/cancel`, {}), 200).status, 'cancelled');
  });

  test('somebody else cannot, and does not learn that there is anybody', async () => {
    const held = isOk(await hold(parent, slots[6], child.id), 201);
    const nobody = 987654321;
    for (const id of [child.id, parent.id, nobody]) {
      pointsAt(await hold(stranger, slots[8], id), '/patient_id');
      const wait = { doctor_id: doctor, from: dateIn(2), to: dateIn(3), patient_id: id };
      pointsAt(await as(stranger)('POST', '/api/waits', wait), '/patient_id');
      isProblem(await as(stranger)('GET', `/api/patients/${id}`), 404);
      isProblem(await as(stranger)('DELETE', `/api/me/family/${id}`), 404, 'identity.family_not_found');
      for (const list of ['appointments', 'waits'])
        assert.deepEqual(isOk(await as(stranger)('GET', `/api/${list}?patient_id=${id}`), 200).items, []);
    }
    isProblem(await as(stranger)('GET', `/api/holds/${held.id}`), 404);
    isProblem(await as(stranger)('DELETE', `/api/holds/${held.id}`), 404);
    isProblem(await as(stranger)('PUT', `/api/appointments/${held.id}/cancel`, {}), 404);
    isProblem(await as(stranger)('POST', `/api/holds/${held.id}/payments`, { method: 'sandbox' }), 404);
    // A parent's own parent is not added by knowing a number.
    pointsAt(await hold(parent, slots[8], stranger.id), '/patient_id');
    isOk(await as(parent)('DELETE', `/api/holds/${held.id}`), 204);
  });

  test('a parent waits for the child', async () => {
    const [, ...others] = isOk(await world.api('GET', '/api/doctors?limit=5'), 200).items;
    const busy = others[0].id;
    await world.schedule(busy, { starts: '10:00', ends: '10:15', slot_minutes: 15 });
    const [only] = await world.slots(busy, { from: dateIn(2), to: dateIn(2) });
    isOk(await as(stranger)('POST', '/api/holds', { doctor_id: busy, starts_at: only.starts_at }), 201);
    const wish = { doctor_id: busy, from: dateIn(2), to: dateIn(2), patient_id: child.id };
    const wait = isOk(await as(parent)('POST', '/api/waits', wish), 201);
    assert.equal(wait.patient_id, child.id);
    const list = isOk(await as(parent)('GET', `/api/waits?patient_id=${child.id}`), 200).items;
    assert.deepEqual(
      list.map((one) => one.id),
      [wait.id],
    );
    isProblem(await as(stranger)('DELETE', `/api/waits/${wait.id}`), 404);
    isOk(await as(parent)('DELETE', `/api/waits/${wait.id}`), 204);
  });

  test('the link ends, and with it every right, at once', async () => {
    isOk(await as(parent)('DELETE', `/api/me/family/${child.id}`), 204);
    isProblem(await as(parent)('GET', `/api/patients/${child.id}`), 404);
    pointsAt(await hold(parent, slots[10], child.id), '/patient_id');
    isProblem(await as(parent)('DELETE', `/api/me/family/${child.id}`), 404, 'identity.family_not_found');
  });

  test('there are only so many, also for who adds and ends in turn, also at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        as(stranger)('POST', '/api/me/family', { name: `C ${i}`, relation: 'child' }),
      ),
    );
    const made = replies.filter((reply) => reply.status === 201);
    assert.equal(made.length, 3);
    isProblem(
      replies.find((reply) => reply.status !== 201),
      409,
      'identity.family_full',
    );
    isOk(await as(stranger)('DELETE', `/api/me/family/${made[0].body.id}`), 204);
    isProblem(await as(stranger)('POST', '/api/me/family', { name: 'C', relation: 'child' }), 409);
  });

  test('staff have no family here', async () => {
    isProblem(await world.api('GET', '/api/me/family', undefined, await world.staff('front_desk')), 403);
  });
});
