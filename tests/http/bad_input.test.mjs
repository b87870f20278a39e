// Everything that is input is hostile: a precise 4xx that names the field, and nothing written.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine('bad input', (engine) => {
  let world, patient, doctor, slot, hospital;
  before(async () => {
    world = await start({ engine });
    patient = await world.patient();
    const found = isOk(await world.api('GET', '/api/doctors?limit=1'), 200).items[0];
    doctor = found.id;
    hospital = found.practices[0].hospital_id;
    [slot] = await world.slots(doctor, { from: dateIn(2), to: dateIn(4) });
  });
  after(() => world?.stop());

  const post = (target, body, token = patient.token) => world.api('POST', target, body, token);
  const holdWith = (more) => post('/api/holds', { doctor_id: doctor, starts_at: slot.starts_at, ...more });
  const nothingHeld = async () => {
    const list = isOk(await world.api('GET', '/api/appointments', undefined, patient.token), 200);
    assert.deepEqual(list.items, []);
  };

  test('holds: every wrong field is named', async () => {
    const cases = [
      [{ colour: 'red' }, '/colour'],
      [{ doctor_id: 'one' }, '/doctor_id'],
      [{ doctor_id: 1.5 }, '/doctor_id'],
      [{ doctor_id: 0 }, '/doctor_id'],
      [{ doctor_id: -1 }, '/doctor_id'],
      [{ doctor_id: undefined }, '/doctor_id'],
      [{ doctor_id: 1e300 }, '/doctor_id'],
      [{ starts_at: 'tomorrow' }, '/starts_at'],
      [{ starts_at: '2026-13-01T00:00:00Z' }, '/starts_at'],
      [{ starts_at: '2026-12-01T25:00:00Z' }, '/starts_at'],
      [{ starts_at: '2026-12-01' }, '/starts_at'],
      [{ starts_at: 1 }, '/starts_at'],
      [{ starts_at: '+292278994-08-17T07:12:55Z' }, '/starts_at'],
      [{ slots: 0 }, '/slots'],
      [{ slots: 13 }, '/slots'],
      [{ slots: '1' }, '/slots'],
      [{ slots: 9007199254740992 }, '/slots'],
      [{ reason: '' }, '/reason'],
      [{ reason: 'x'.repeat(501) }, '/reason'],
      [{ reason: 'a\u0000b' }, '/reason'],
      [{ reason: { $gt: '' } }, '/reason'],
      [{ hospital_id: [] }, '/hospital_id'],
    ];
    for (const [more, pointer] of cases) pointsAt(await holdWith(more), pointer);
    await nothingHeld();
  });

  test('holds: times that are no slots', async () => {
    const at = Date.parse(slot.starts_at);
    const times = [
      new Date(at + 60_000),
      new Date(at + 1),
      new Date(at + 12 * 3_600_000 + 420_000),
      new Date(Date.now() - 86_400_000),
      new Date(at - 365 * 86_400_000),
      new Date(at + 5000 * 86_400_000),
    ];
    for (const time of times) {
      const reply = await holdWith({ starts_at: time.toISOString() });
      isProblem(reply, 422, 'booking.slot_not_bookable');
    }
    isProblem(await holdWith({ starts_at: '1900-01-01T00:00:00Z' }), 422);
    isProblem(await holdWith({ starts_at: '9999-12-31T23:59:59Z' }), 422);
    await nothingHeld();
  });

  test('holds: ids of others and of nobody', async () => {
    const reply = await holdWith({ doctor_id: 987654321 });
    assert.ok([404, 422].includes(reply.status), reply.text);
    isProblem(await holdWith({ doctor_id: 9223372036854775807n.toString() }), 422);
    const foreign = await holdWith({ hospital_id: 987654321 });
    assert.ok([404, 422].includes(foreign.status), foreign.text);
    const other = await world.patient();
    const forOther = await holdWith({ patient_id: other.id });
    assert.ok([403, 404, 422].includes(forOther.status), forOther.text);
    await nothingHeld();
    const list = isOk(await world.api('GET', '/api/appointments', undefined, other.token), 200);
    assert.deepEqual(list.items, []);
  });

  test('integers at the edge of what can be stored', async () => {
    for (const id of [
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '1e5',
      '0x10',
      '1 OR 1=1',
      '%00',
      "'",
    ]) {
      const reply = await world.api('GET', `/api/holds/${encodeURIComponent(id)}`, undefined, patient.token);
      assert.ok([400, 404, 422].includes(reply.status), `${id}: ${reply.status} ${reply.text}`);
      isProblem(reply, reply.status);
    }
    const raw = (text) => world.client.request('POST', '/api/holds', { raw: text, token: patient.token });
    isProblem(await raw(`{"doctor_id":9223372036854775808,"starts_at":"${slot.starts_at}"}`), 422);
    const endless = await raw(`{"doctor_id":1e999,"starts_at":"${slot.starts_at}"}`);
    assert.ok([400, 422].includes(endless.status), endless.text);
  });

  test('bodies that are not what they should be', async () => {
    const raw = (text) => world.client.request('POST', '/api/holds', { raw: text, token: patient.token });
    for (const text of ['', '[]', 'null', '1', '"x"', '{', '{}x', '{"a":1,}', "{'a':1}", '{"doctor_id":NaN}']) {
      const reply = await raw(text);
      assert.ok([400, 422].includes(reply.status), `${text}: ${reply.status}`);
      isProblem(reply, reply.status);
    }
    const broken = Buffer.concat([
      Buffer.from('{"doctor_id":1,"reason":"'),
      Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80]),
      Buffer.from('"}'),
    ]);
    isProblem(await raw(broken), 400);
    const surrogate = await raw(`{"doctor_id":${doctor},"starts_at":"${slot.starts_at}","reason":"\\ud800"}`);
    assert.ok([400, 422].includes(surrogate.status), surrogate.text);
    isProblem(await raw(`{"reason":"${'x'.repeat(2_000_000)}"}`), 413);
    await nothingHeld();
  });

  test('windows of slots', async () => {
    const slots = (query) => world.api('GET', `/api/doctors/${doctor}/slots?${query}`);
    for (const query of [
      'from=1000-01-01&to=3000-01-01',
      `from=${dateIn(5)}&to=${dateIn(1)}`,
      `from=${dateIn(0)}&to=${dateIn(400)}`,
    ]) {
      const reply = await slots(query);
      assert.ok([400, 422].includes(reply.status), `${query}: ${reply.status} ${reply.text.slice(0, 200)}`);
      isProblem(reply, reply.status);
    }
    pointsAt(await slots('from=yesterday'), '?from');
    pointsAt(await slots('from=2026-02-30'), '?from');
    pointsAt(await slots('until=2026-12-01'), '?until');
    isProblem(await world.api('GET', '/api/doctors/987654321/slots'), 404);
  });

  test('waits: ranges and counts', async () => {
    const wait = (more) => post('/api/waits', { doctor_id: doctor, from: dateIn(1), to: dateIn(2), ...more });
    pointsAt(await wait({ from: 'soon' }), '/from');
    pointsAt(await wait({ slots: 99 }), '/slots');
    pointsAt(await wait({ position: 1 }), '/position');
    for (const more of [
      { from: dateIn(3), to: dateIn(1) },
      { from: '1000-01-01', to: '9999-01-01' },
      { from: '2020-01-01', to: '2020-01-02' },
    ]) {
      const reply = await wait(more);
      assert.ok([409, 422].includes(reply.status), reply.text);
      isProblem(reply, reply.status);
    }
    assert.deepEqual(isOk(await world.api('GET', '/api/waits', undefined, patient.token), 200).items, []);
  });

  test('payments: ways and outcomes that do not exist, holds of others', async () => {
    const other = await world.patient();
    const theirs = isOk(await post('/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, other.token), 201);
    isProblem(await post(`/api/holds/${theirs.id}/payments`, { method: 'sandbox' }), 404);
    pointsAt(await post(`/api/holds/${theirs.id}/payments`, { method: 'barter' }, other.token), '/method');
    pointsAt(
      await post(`/api/holds/${theirs.id}/payments`, { method: 'sandbox', outcome: 'maybe' }, other.token),
      '/outcome',
    );
    pointsAt(
      await post(`/api/holds/${theirs.id}/payments`, { method: 'sandbox', amount_minor: 1 }, other.token),
      '/amount_minor',
    );
    isOk(await world.api('DELETE', `/api/holds/${theirs.id}`, undefined, other.token), 204);
  });

  test('the gateway is believed only with its signature', async () => {
    const event = { type: 'payment.captured', reference: 'x', gateway_id: 'y', amount_minor: 1, currency: 'INR' };
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': 'v1,AAAA',
    };
    isProblem(await world.api('POST', '/api/payments/webhook', event), 401);
    isProblem(await world.api('POST', '/api/payments/webhook', event, undefined, headers), 401);
  });

  test('schedules that cannot be kept', async () => {
    const admin = await world.staff('platform_admin');
    const target = `/api/doctors/${doctor}/schedule`;
    const read = await world.api('GET', target, undefined, admin);
    const put = (shift) => world.api('PUT', target, { shifts: [shift] }, admin, { 'if-match': read.headers.etag });
    const good = { hospital_id: hospital, weekdays: [1], starts: '09:00', ends: '12:00', slot_minutes: 15 };
    pointsAt(await put({ ...good, weekdays: [8] }), '/shifts/0/weekdays/0');
    pointsAt(await put({ ...good, starts: '9 am' }), '/shifts/0/starts');
    pointsAt(await put({ ...good, starts: '24:01' }), '/shifts/0/starts');
    for (const more of [
      { slot_minutes: 7 },
      { starts: '12:00', ends: '09:00' },
      { hospital_id: 987654321 },
      { slot_minutes: 0 },
    ]) {
      const reply = await put({ ...good, ...more });
      assert.ok([404, 422].includes(reply.status), `${JSON.stringify(more)}: ${reply.status} ${reply.text}`);
    }
    isProblem(await world.api('PUT', target, { shifts: [good] }, admin), 428);
    const kept = await world.api('GET', target, undefined, admin);
    assert.equal(kept.headers.etag, read.headers.etag);
    assert.deepEqual(kept.body, read.body);
  });

  test('idempotency keys', async () => {
    const bad = (key) =>
      world.api('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, patient.token, {
        'idempotency-key': key,
      });
    isProblem(await bad('k'.repeat(256)), 400, 'request.idempotency_key_malformed');
    await nothingHeld();
    const key = { 'idempotency-key': 'bad-input-1' };
    isProblem(await world.api('POST', '/api/holds', { doctor_id: 'x' }, patient.token, key), 422);
    const good = await world.api(
      'POST',
      '/api/holds',
      { doctor_id: doctor, starts_at: slot.starts_at },
      patient.token,
      key,
    );
    isOk(good, 201); // what was refused before it ran has not used the key
    isOk(await world.api('DELETE', `/api/holds/${good.body.id}`, undefined, patient.token), 204);
  });

  test('text that means something elsewhere is only text', async () => {
    const names = [
      "Robert'); DROP TABLE identity_user;--",
      '<script>alert(1)</script>',
      '../../etc/passwd',
      '%s%n',
      '\u202Eevil',
      'आशा राव 🏥',
    ];
    for (const [index, name] of names.entries()) {
      const body = {
        role: 'patient',
        name,
        email: `text${index}.${engine}@example.org`,
        password: 'long enough secret 8',
      };
      const reply = await post('/api/auth/register', body, undefined);
      if (reply.status === 201) assert.equal(reply.body.user.name, name);
      else isProblem(reply, 422);
    }
    const admin = await world.staff('front_desk');
    for (const name of ['%', '_', "' OR '1'='1", '\\']) {
      isOk(await world.api('GET', `/api/patients?name=${encodeURIComponent(name)}`, undefined, admin), 200);
    }
  });
});
