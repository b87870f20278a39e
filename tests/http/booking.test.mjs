// The heart, one person at a time: slots, holds, payments, appointments, the queue. The crowd is in tests/heart.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const outcomes = {
  successful: 'Appointment Successful',
  full: 'Appointment Failed – Slot Full',
  retry: 'Appointment Failed – Retry, as other users are holding reserved slots',
};
const holdSeconds = 6;
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine('booking', (engine) => {
  let world, doctors;
  before(async () => {
    world = await start({ engine, settings: { 'booking.hold_seconds': holdSeconds, 'booking.grace_seconds': 1 } });
    const found = isOk(await world.api('GET', '/api/doctors?limit=30'), 200).items;
    doctors = found.map((doctor) => doctor.id);
  });
  after(() => world?.stop());

  // A free slot that no other test of this file takes: each call moves on by one.
  let taken = 0;
  const nextSlot = async () => {
    const slots = await world.slots(doctors[0], { from: dateIn(2), to: dateIn(6) });
    return slots[taken++];
  };
  const hold = (patient, slot, more = {}, headers = {}) =>
    world.api(
      'POST',
      '/api/holds',
      { doctor_id: doctors[0], starts_at: slot.starts_at, ...more },
      patient.token,
      headers,
    );
  const pay = (patient, id, outcome) =>
    world.api('POST', `/api/holds/${id}/payments`, { method: 'sandbox', outcome }, patient.token);
  const statusOf = async (slot, doctor = doctors[0]) => {
    const day = new Date(Date.parse(slot.starts_at) - 86_400_000).toISOString().slice(0, 10);
    const to = new Date(Date.parse(slot.starts_at) + 86_400_000).toISOString().slice(0, 10);
    const list = isOk(await world.api('GET', `/api/doctors/${doctor}/slots?from=${day}&to=${to}`), 200);
    return list.items.find((entry) => entry.starts_at === slot.starts_at)?.status;
  };

  test('anyone sees the slots of a week, each with its state', async () => {
    const list = isOk(
      await world.api('GET', `/api/doctors/${doctors[0]}/slots?from=${dateIn(1)}&to=${dateIn(7)}`),
      200,
    );
    assert.match(list.time_zone, /\//);
    assert.ok(list.items.length >= 72);
    for (const slot of list.items) {
      assert.ok(['free', 'held', 'booked'].includes(slot.status));
      assert.ok(Date.parse(slot.ends_at) > Date.parse(slot.starts_at));
    }
    const starts = list.items.map((slot) => slot.starts_at);
    assert.deepEqual(starts, [...starts].sort());
  });

  test('a hold takes the slot for its time and no other', async () => {
    const [first, second] = [await world.patient(), await world.patient()];
    const slot = await nextSlot();
    const reply = await hold(first, slot);
    const held = isOk(reply, 201);
    assert.equal(reply.headers.location, `/api/holds/${held.id}`);
    assert.equal(held.status, 'pending');
    assert.equal(held.patient_id, first.id);
    const left = Date.parse(held.expires_at) - Date.now();
    assert.ok(left > (holdSeconds - 2) * 1000 && left <= holdSeconds * 1000 + 200, `${left} ms, grace is not told`);
    assert.equal(await statusOf(slot), 'held');
    const refused = await hold(second, slot);
    isProblem(refused, 409, 'booking.slot_taken');
    assert.equal(refused.body.outcome, outcomes.retry);
    isProblem(await world.api('GET', `/api/holds/${held.id}`, undefined, second.token), 404);
    isProblem(await world.api('DELETE', `/api/holds/${held.id}`, undefined, second.token), 404);
    isOk(await world.api('DELETE', `/api/holds/${held.id}`, undefined, first.token), 204);
    assert.equal(await statusOf(slot), 'free');
    isOk(await hold(second, slot), 201);
  });

  test('a patient holds one thing at a time and is told which', async () => {
    const patient = await world.patient();
    const held = isOk(await hold(patient, await nextSlot()), 201);
    const refused = await hold(patient, await nextSlot());
    isProblem(refused, 409, 'booking.patient_has_open_hold');
    assert.equal(refused.body.hold, `/api/holds/${held.id}`);
  });

  test('an unpaid hold ends by itself and frees the slot', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const held = isOk(await hold(patient, slot), 201);
    const ended = await world.until(
      `/api/holds/${held.id}`,
      patient.token,
      (body) => body.status !== 'pending',
      holdSeconds + 10,
    );
    assert.equal(ended.status, 'expired');
    assert.ok(Date.now() >= Date.parse(held.expires_at), 'not before the client was told');
    assert.equal(await statusOf(slot), 'free');
    isProblem(await pay(patient, held.id, 'success'), 409, 'booking.hold_ended');
  });

  test('a payment books', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const held = isOk(await hold(patient, slot), 201);
    const payment = isOk(await pay(patient, held.id, 'success'), 202);
    assert.equal(payment.status, 'requested');
    const booked = await world.until(
      `/api/appointments/${held.id}`,
      patient.token,
      (body) => body.status !== 'pending',
    );
    assert.equal(booked.status, 'booked');
    assert.equal(booked.outcome, outcomes.successful);
    assert.equal(await statusOf(slot), 'booked');
    const refused = await hold(await world.patient(), slot);
    isProblem(refused, 409, 'booking.slot_taken');
    assert.equal(refused.body.outcome, outcomes.full);
  });

  test('a failed payment leaves the hold to try again', async () => {
    const patient = await world.patient();
    const held = isOk(await hold(patient, await nextSlot()), 201);
    isOk(await pay(patient, held.id, 'fail'), 202);
    await world.until(`/api/appointments/${held.id}`, patient.token, (body) => body.payment.status === 'failed');
    isOk(await pay(patient, held.id, 'success'), 202);
    const booked = await world.until(
      `/api/appointments/${held.id}`,
      patient.token,
      (body) => body.status !== 'pending',
    );
    assert.equal(booked.status, 'booked');
  });

  test('money that comes late books or goes back, one of the two', async () => {
    const patient = await world.patient();
    const held = isOk(await hold(patient, await nextSlot()), 201);
    isOk(await pay(patient, held.id, 'late'), 202);
    const isSettled = (body) => body.status === 'booked' || body.payment.status === 'refunded';
    const ended = await world.until(`/api/appointments/${held.id}`, patient.token, isSettled, 60);
    assert.notEqual(ended.status === 'booked', ended.payment.status === 'refunded', JSON.stringify(ended));
  });

  test('a retry with the same key neither holds nor pays twice', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const key = { 'idempotency-key': `key-${patient.id}` };
    const first = await hold(patient, slot, {}, key);
    const again = await hold(patient, slot, {}, key);
    assert.deepEqual([again.status, again.body], [first.status, first.body]);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    isProblem(await hold(patient, slot, { reason: 'another body' }, key), 422, 'idempotency_key_reused');
    const pays = { 'idempotency-key': `pay-${patient.id}` };
    const target = `/api/holds/${first.body.id}/payments`;
    const paid = await world.api('POST', target, { method: 'sandbox' }, patient.token, pays);
    const paidAgain = await world.api('POST', target, { method: 'sandbox' }, patient.token, pays);
    assert.equal(paidAgain.body.id, paid.body.id);
    const other = await hold(await world.patient(), await nextSlot(), {}, key);
    isOk(other, 201); // another person's key is another key
  });

  test('the front desk logs a booking taken by phone', async () => {
    const desk = await world.staff('front_desk');
    const own = isOk(await world.api('GET', '/api/me', undefined, desk), 200);
    const here = (own.user ?? own).hospital_id;
    const mine = isOk(await world.api('GET', `/api/doctors?hospital_id=${here}&limit=30`), 200).items[0].id;
    const [slot] = await world.slots(mine, { from: dateIn(8), to: dateIn(9) });
    const person = isOk(
      await world.api('POST', '/api/patients', { name: 'By Phone', phone: '+919822222222' }, desk),
      201,
    );
    const body = { doctor_id: mine, hospital_id: here, starts_at: slot.starts_at, patient_id: person.id };
    const booked = isOk(await world.api('POST', '/api/appointments', body, desk), 201);
    assert.equal(booked.status, 'booked');
    assert.equal(booked.outcome, outcomes.successful);
    assert.equal(await statusOf(slot, mine), 'booked');
    isProblem(await world.api('POST', '/api/appointments', body, desk), 409);
    const nobody = { ...body, patient_id: undefined, starts_at: slot.ends_at };
    isProblem(await world.api('POST', '/api/appointments', nobody, desk), 422, 'booking.patient_missing');
    const list = isOk(
      await world.api('GET', `/api/appointments?doctor_id=${mine}&status=booked`, undefined, desk),
      200,
    );
    assert.ok(list.items.some((entry) => entry.id === booked.id));
  });

  const bookedFor = async (patient, slot) => {
    const held = isOk(await hold(patient, slot), 201);
    isOk(await pay(patient, held.id, 'success'), 202);
    return world.until(`/api/appointments/${held.id}`, patient.token, (body) => body.status === 'booked');
  };

  test('rescheduling keeps the old slot until the new one is had', async () => {
    const patient = await world.patient();
    const [from, to] = [await nextSlot(), await nextSlot()];
    const booked = await bookedFor(patient, from);
    const target = `/api/appointments/${booked.id}`;
    const both = { starts_at: to.starts_at, status: 'cancelled' };
    isProblem(await world.api('PUT', target, both, patient.token), 422, 'booking.appointment_change_ambiguous');
    const other = await world.patient();
    const theirs = isOk(await hold(other, to), 201);
    isProblem(await world.api('PUT', target, { starts_at: to.starts_at }, patient.token), 409);
    assert.equal(await statusOf(from), 'booked');
    isOk(await world.api('DELETE', `/api/holds/${theirs.id}`, undefined, other.token), 204);
    const moved = isOk(await world.api('PUT', target, { starts_at: to.starts_at }, patient.token), 200);
    assert.equal(moved.starts_at, to.starts_at);
    assert.equal(await statusOf(from), 'free');
    assert.equal(await statusOf(to), 'booked');
  });

  test('cancelling frees the slot and gives the money back', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const booked = await bookedFor(patient, slot);
    isProblem(await world.api('PUT', `/api/appointments/${booked.id}/cancel`, {}, (await world.patient()).token), 404);
    const reply = await world.api(
      'PUT',
      `/api/appointments/${booked.id}/cancel`,
      { reason: 'better again' },
      patient.token,
    );
    assert.equal(isOk(reply, 200).status, 'cancelled');
    assert.equal(await statusOf(slot), 'free');
    const isRefunded = (body) => body.payment.status === 'refunded';
    await world.until(`/api/appointments/${booked.id}`, patient.token, isRefunded);
    isProblem(await world.api('PUT', `/api/appointments/${booked.id}/cancel`, {}, patient.token), 409);
  });

  test('several consecutive slots are one appointment', async () => {
    const patient = await world.patient();
    const slots = await world.slots(doctors[1], { from: dateIn(3), to: dateIn(4) });
    const body = { doctor_id: doctors[1], starts_at: slots[0].starts_at, slots: 3 };
    const held = isOk(await world.api('POST', '/api/holds', body, patient.token), 201);
    assert.equal(held.ends_at, slots[2].ends_at);
    for (const slot of slots.slice(0, 3)) assert.equal(await statusOf(slot, doctors[1]), 'held');
    assert.equal(await statusOf(slots[3], doctors[1]), 'free');
    const middle = { doctor_id: doctors[1], starts_at: slots[1].starts_at };
    isProblem(await world.api('POST', '/api/holds', middle, (await world.patient()).token), 409);
  });

  test('the queue: first come, first served, told at once, all of it on record', async () => {
    const doctor = doctors[2];
    await world.schedule(doctor, { starts: '09:00', ends: '09:30', slot_minutes: 30 });
    const day = dateIn(5);
    const [slot] = await world.slots(doctor, { from: day, to: day });
    const [holder, first, second] = [await world.patient(), await world.patient(), await world.patient()];
    const wish = { doctor_id: doctor, from: day, to: day };
    const free = await world.api('POST', '/api/waits', wish, first.token);
    isProblem(free, 409, 'booking.slots_free');
    const taken = { doctor_id: doctor, starts_at: slot.starts_at };
    const held = isOk(await world.api('POST', '/api/holds', taken, holder.token), 201);
    const refused = await world.api('POST', '/api/holds', taken, first.token);
    assert.equal(refused.status, 409);
    assert.equal(refused.body.outcome, outcomes.retry);
    assert.equal(refused.body.wait, '/api/waits');
    const one = isOk(await world.api('POST', '/api/waits', wish, first.token), 201);
    const two = isOk(await world.api('POST', '/api/waits', wish, second.token), 201);
    assert.deepEqual([one.position, two.position], [1, 2]);
    assert.ok(two.ticket > one.ticket);
    isProblem(await world.api('GET', `/api/waits/${one.id}`, undefined, second.token), 404);
    isOk(await world.api('DELETE', `/api/holds/${held.id}`, undefined, holder.token), 204);
    const offered = await world.until(`/api/waits/${one.id}`, first.token, (body) => body.status === 'offered', 5);
    assert.equal(offered.offer.starts_at, slot.starts_at);
    const late = await world.api('POST', '/api/holds', taken, holder.token);
    assert.equal(late.status, 409, 'nobody takes a freed slot past who waits');
    assert.equal(isOk(await world.api('GET', `/api/waits/${two.id}`, undefined, second.token), 200).position, 1);
    isOk(await world.api('DELETE', `/api/waits/${one.id}`, undefined, first.token), 204);
    const next = await world.until(`/api/waits/${two.id}`, second.token, (body) => body.status === 'offered', 5);
    isOk(await pay(second, next.offer.hold_id, 'success'), 202);
    const done = await world.until(`/api/waits/${two.id}`, second.token, (body) => body.status === 'booked');
    assert.equal(done.outcome, outcomes.successful);
    const full = await world.api('POST', '/api/waits', wish, holder.token);
    isProblem(full, 409, 'booking.slot_full');
    assert.equal(full.body.outcome, outcomes.full);
    const ledger = isOk(
      await world.api('GET', `/api/doctors/${doctor}/queue/ledger`, undefined, await world.staff('platform_admin')),
      200,
    );
    const told = ledger.items
      .filter((entry) => entry.wait_id)
      .sort((a, b) => a.id - b.id)
      .map((entry) => [entry.kind, entry.wait_id]);
    assert.deepEqual(
      told.filter(([kind]) => kind === 'joined'),
      [
        ['joined', one.id],
        ['joined', two.id],
      ],
    );
    assert.deepEqual(
      told.filter(([kind]) => kind === 'offered'),
      [
        ['offered', one.id],
        ['offered', two.id],
      ],
    );
    assert.ok(told.some(([kind, id]) => kind === 'booked' && id === two.id));
    isProblem(await world.api('GET', `/api/doctors/${doctor}/queue/ledger`, undefined, first.token), 403);
  });

  test('an offer that nobody takes goes to the next', async () => {
    const doctor = doctors[3];
    await world.schedule(doctor, { starts: '09:00', ends: '09:30', slot_minutes: 30 });
    const day = dateIn(6);
    const [slot] = await world.slots(doctor, { from: day, to: day });
    const people = [await world.patient(), await world.patient(), await world.patient()];
    isOk(await world.api('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, people[0].token), 201);
    const waits = [];
    for (const person of people.slice(1))
      waits.push(
        isOk(await world.api('POST', '/api/waits', { doctor_id: doctor, from: day, to: day }, person.token), 201),
      );
    await world.until(
      `/api/waits/${waits[0].id}`,
      people[1].token,
      (body) => body.status === 'offered',
      holdSeconds + 10,
    );
    await world.until(
      `/api/waits/${waits[0].id}`,
      people[1].token,
      (body) => body.status === 'lapsed',
      holdSeconds + 10,
    );
    const next = await world.until(
      `/api/waits/${waits[1].id}`,
      people[2].token,
      (body) => body.status === 'offered',
      5,
    );
    assert.equal(next.offer.starts_at, slot.starts_at);
  });

  test('the doctor sees the day and closes it', async () => {
    const login = world.logins.find((entry) => entry.role === 'doctor');
    const token = await world.staff('doctor');
    const patient = await world.patient();
    const [slot] = await world.slots(login.doctor_id, { from: dateIn(9), to: dateIn(10) });
    const held = isOk(
      await world.api('POST', '/api/holds', { doctor_id: login.doctor_id, starts_at: slot.starts_at }, patient.token),
      201,
    );
    isOk(await pay(patient, held.id, 'success'), 202);
    await world.until(`/api/appointments/${held.id}`, patient.token, (body) => body.status === 'booked');
    const list = isOk(
      await world.api('GET', `/api/doctor/appointments?from=${dateIn(8)}&to=${dateIn(11)}`, undefined, token),
      200,
    );
    assert.ok(list.items.some((entry) => entry.id === held.id));
    isProblem(
      await world.api('PUT', `/api/doctor/appointments/${held.id}`, { status: 'completed' }, token),
      409,
      'booking.appointment_too_early',
    );
    isProblem(
      await world.api('PUT', `/api/doctor/appointments/${held.id}`, { status: 'completed' }, patient.token),
      403,
    );
    isOk(await world.api('GET', `/api/doctor/availability?from=${dateIn(1)}&to=${dateIn(3)}`, undefined, token), 200);
  });

  test('leave takes slots away, an extra session adds some', async () => {
    const doctor = doctors[4];
    const admin = await world.staff('platform_admin');
    const day = dateIn(12);
    const count = async () => (await world.slots(doctor, { from: day, to: day })).length;
    const before = await count();
    assert.ok(before > 0);
    const practice = isOk(await world.api('GET', `/api/doctors/${doctor}`), 200).practices[0].hospital_id;
    const target = `/api/doctors/${doctor}/exceptions`;
    const planned = isOk(await world.api('POST', target, { kind: 'leave', on: day, reason: 'congress' }, admin), 201);
    const leave = planned.exceptions.find((entry) => entry.kind === 'leave' && entry.on === day);
    assert.equal(await count(), 0);
    isOk(await world.api('DELETE', `${target}/${leave.id}`, undefined, admin), 204);
    assert.equal(await count(), before);
    const extra = { kind: 'extra', hospital_id: practice, on: day, starts: '21:00', ends: '22:00', slot_minutes: 30 };
    isOk(await world.api('POST', target, extra, admin), 201);
    assert.equal(await count(), before + 2);
    pointsAt(await world.api('POST', target, { ...extra, slot_minutes: 3 }, admin), '/slot_minutes');
  });

  test('a change is told to who listens', async () => {
    const patient = await world.patient();
    const slot = await nextSlot();
    const events = [];
    const options = { host: '127.0.0.1', port: world.port, path: `/api/events?topics=doctor/${doctors[0]}` };
    const request = http.get(options, (response) => {
      assert.match(response.headers['content-type'], /^text\/event-stream/);
      response.on('data', (chunk) => events.push(chunk.toString()));
      response.on('error', () => {});
    });
    request.on('error', () => {});
    await sleep(300);
    isOk(await hold(patient, slot), 201);
    for (let i = 0; i < 40 && !events.join('').includes(`doctor/${doctors[0]}`); i++) await sleep(50);
    request.destroy();
    assert.match(events.join(''), new RegExp(`^data: .*doctor/${doctors[0]}`, 'm'));
    isProblem(await world.api('GET', '/api/events?topics=hold/1'), 401);
    isProblem(await world.api('GET', '/api/events?topics=hold/1', undefined, patient.token), 404);
  });

  test('a long poll answers when something happens, not before', async () => {
    const patient = await world.patient();
    const held = isOk(await hold(patient, await nextSlot()), 201);
    const target = `/api/holds/${held.id}`;
    const { etag } = (await world.api('GET', target, undefined, patient.token)).headers;
    assert.ok(etag);
    const began = Date.now();
    const waiting = world.api('GET', `${target}?wait=30`, undefined, patient.token, { 'if-none-match': etag });
    await sleep(500);
    isOk(await world.api('DELETE', target, undefined, patient.token), 204);
    const reply = await waiting;
    assert.ok(Date.now() - began >= 450 && Date.now() - began < 3000);
    assert.equal(isOk(reply, 200).status, 'cancelled');
    const unchanged = await world.api('GET', `${target}?wait=1`, undefined, patient.token, {
      'if-none-match': reply.headers.etag,
    });
    assert.equal(unchanged.status, 304);
  });
});
