// Idempotency: requests with a key go through a proxy that cuts the connection before, within and after the request and
// within the reply, until a whole reply arrives; some are sent twice at once. Whatever was cut: it happened once, and
// every reply is the same. FAIRWARD_RETRIED_REQUESTS sets how many, FAIRWARD_SEED the choices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, pooled, randomFrom } from '../lib/client.mjs';
import { allPages, assertMoneyReconciles, assertNoOverlap } from '../lib/fairness.mjs';
import { startProxy } from '../lib/proxy.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const requests = Number(process.env.FAIRWARD_RETRIED_REQUESTS ?? 2000);
const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const lanes = 48;
const triesMax = 60;
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine('idempotency', (engine) => {
  let world, proxy, shaky, random, desk, doctors, slots, patients;
  const done = new Map(); // operation -> how many
  const made = new Set(); // appointments, by the ids that were told
  const ended = new Set(); // those of them that were told to be released or cancelled
  const registered = new Set();
  const payments = new Set();
  let keys = 0;
  let attempts = 0;
  let replays = 0;

  before(async () => {
    random = randomFrom(seed);
    world = await start({ engine, sockets: lanes * 2, settings: { 'booking.hold_seconds': 600 } });
    proxy = await startProxy(world.port, random);
    shaky = new Client(proxy.port, { sockets: lanes * 3 });
    desk = await world.staff('platform_admin');
    doctors = (await world.api('GET', '/api/doctors?limit=6')).body.items.map((doctor) => doctor.id);
    slots = [];
    for (const doctor of doctors) {
      await world.schedule(doctor, { starts: '06:00', ends: '22:00', slot_minutes: 5 });
      const free = await world.slots(doctor, { from: dateIn(2), to: dateIn(32) });
      slots.push(...free.map(({ starts_at }) => ({ doctor_id: doctor, starts_at })));
    }
    assert.ok(slots.length > requests, `${slots.length} slots`);
    patients = await pooled(Array.from({ length: lanes }), 16, () => world.patient());
  });
  after(async () => {
    shaky?.close();
    await proxy?.stop();
    await world?.stop();
  });

  const sameReply = (one, other, what) => {
    const parts = ({ status, text, headers }) => ({ status, text, location: headers.location, etag: headers.etag });
    assert.deepEqual(parts(other), parts(one), what);
  };

  // Sends until a whole reply arrives, as a client that does not give up.
  const insist = async (method, target, options) => {
    for (let tries = 1; tries <= triesMax; tries++) {
      attempts++;
      const reply = await shaky.request(method, target, { ...options, timeoutMs: 10_000 }).catch(() => undefined);
      if (reply) return reply;
    }
    throw new Error(`${method} ${target}: no reply in ${triesMax} tries`);
  };

  // One operation with a key of its own: done once, however often it was sent; answers the reply.
  const once = async (name, method, target, token, body, status) => {
    const headers = { 'idempotency-key': `${name}-${++keys}` };
    const options = { token, body, headers };
    const together = random() < 0.2 ? insist(method, target, options) : undefined;
    const reply = await insist(method, target, options);
    assert.equal(reply.status, status, `${name}: ${reply.status} ${reply.text}`);
    if (together) sameReply(reply, await together, `${name} sent twice at once`);
    const again =
      random() < 0.5 ? await insist(method, target, options) : await world.client.request(method, target, options);
    sameReply(reply, again, `${name} asked again`);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    replays++;
    done.set(name, (done.get(name) ?? 0) + 1);
    return reply.body;
  };

  const hold = async (patient) => {
    const { id } = await once('hold', 'POST', '/api/holds', patient.token, slots.pop(), 201);
    made.add(id);
    const choice = random();
    if (choice < 0.4) {
      const body = { method: 'sandbox', outcome: choice < 0.25 ? 'success' : 'late' };
      payments.add((await once('payment', 'POST', `/api/holds/${id}/payments`, patient.token, body, 202)).id);
    }
    if (choice < 0.25) return world.until(`/api/appointments/${id}`, patient.token, (body) => body.status === 'booked');
    await once('release', 'DELETE', `/api/holds/${id}`, patient.token, undefined, 204);
    ended.add(id);
    return undefined;
  };

  const appointment = async (patient) => {
    const body = { ...slots.pop(), patient_id: patient.id };
    const { id, status } = await once('appointment', 'POST', '/api/appointments', desk, body, 201);
    assert.equal(status, 'booked');
    made.add(id);
    if (random() < 0.3) return;
    await once('cancel', 'PUT', `/api/appointments/${id}/cancel`, desk, { reason: 'asked' }, 200);
    ended.add(id);
  };

  const registration = async (_patient, number) => {
    const body = { name: `Retried ${number}`, phone: `+9198${String(10_000_000 + number)}` };
    const { id } = await once('registration', 'POST', '/api/patients', desk, body, 201);
    assert.ok(!registered.has(id));
    registered.add(id);
  };

  // One's own account has no key, as its reply is a secret: its login name is unique instead.
  const account = async (number) => {
    const body = {
      role: 'patient',
      name: `Own ${number}`,
      email: `own${number}@example.org`,
      password: `correct horse ${number}`,
    };
    const reply = await insist('POST', '/api/auth/register', { body });
    assert.ok([201, 409].includes(reply.status), reply.text);
    const { login, password } = { login: body.email, password: body.password };
    const found = await world.api('POST', '/api/auth/login', { login, password });
    assert.equal(found.status, 200, found.text);
    if (reply.status === 201) assert.equal(found.body.user.id, reply.body.user.id);
  };

  test(`${requests} requests, each retried`, async (t) => {
    t.diagnostic(`seed ${seed}`);
    let number = 0;
    const lane = async (patient) => {
      while (replays < requests) {
        const choice = random();
        if (choice < 0.5) await hold(patient);
        else if (choice < 0.85) await appointment(patient);
        else await registration(patient, ++number);
      }
    };
    await Promise.all(patients.map(lane));
    await pooled(Array.from({ length: 20 }), 4, (_, index) => account(index));
    t.diagnostic(`${attempts} sent for ${replays} requests: ${JSON.stringify(Object.fromEntries(done))}`);
    t.diagnostic(`what the proxy did: ${JSON.stringify(proxy.counts)}`);
    for (const [fate, count] of Object.entries(proxy.counts)) assert.ok(count > requests / 40, `${fate}: ${count}`);
  });

  test('nothing happened twice', async () => {
    const rows = []; // not the demo's visits, which are of days past
    for (const doctor of doctors)
      rows.push(...(await allPages(world, `/api/appointments?doctor_id=${doctor}&from=${dateIn(1)}&limit=100`, desk)));
    assert.deepEqual(new Set(rows.map((row) => row.id)), made, 'the appointments there are, and those that were told');
    assert.equal(rows.length, made.size);
    const active = rows.filter((row) => ['pending', 'booked'].includes(row.status));
    assertNoOverlap(active);
    assert.deepEqual(new Set(active.map((row) => row.id)), new Set([...made].filter((id) => !ended.has(id))));
    const people = await allPages(world, '/api/patients?name=Retried&limit=100', desk);
    assert.deepEqual(new Set(people.map((row) => row.id)), registered);
    assert.equal(people.length, registered.size);
  });

  test('no money was taken twice', async () => {
    const { totals } = await assertMoneyReconciles(world, doctors, 90);
    assert.ok(totals.payments > 0 && totals.payments <= payments.size, `${totals.payments} of ${payments.size}`);
    assert.ok(totals.captured_minor > 0);
  });
});
