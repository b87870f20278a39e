// Crash: kill -9 in the middle of the work, again and again. After each start: what was acknowledged is there, no hold
// outlives its deadline, the queue keeps its order. The database process is not killed here; power cuts are simulated
// elsewhere. FAIRWARD_CRASH_ROUNDS sets the rounds, FAIRWARD_SEED the choices.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pooled, randomFrom } from '../lib/client.mjs';
import { isOk } from '../lib/expect.mjs';
import {
  activeAppointments,
  assertFirstComeFirstServed,
  assertMoneyReconciles,
  assertNoOverlap,
} from '../lib/fairness.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const holdSeconds = 3;
const graceSeconds = 1;
const slackSeconds = 3;
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine(
  'crash',
  (engine) => {
    const rounds = Number(process.env.FAIRWARD_CRASH_ROUNDS ?? (engine === 'nodes' ? 6 : 12));
    let world, patients, waiters, wide, narrow, narrowDay, random;
    let isDown = false;
    // What the server said, by id of the appointment: {patient, starts_at, status, expires_at}.
    const told = new Map();
    const tickets = new Map(); // wait id -> ticket

    before(async () => {
      world = await start({
        engine,
        sockets: 200,
        settings: { 'booking.hold_seconds': holdSeconds, 'booking.grace_seconds': graceSeconds },
      });
      random = randomFrom(seed);
      const doctors = (await world.api('GET', '/api/doctors?limit=30')).body.items;
      [wide, narrow] = [doctors[0].id, doctors[1].id];
      await world.schedule(narrow, { starts: '10:00', ends: '10:30', slot_minutes: 30 });
      narrowDay = dateIn(3);
      const people = await pooled(Array.from({ length: 72 }), 16, () => world.patient());
      patients = people.slice(0, 64);
      waiters = people.slice(64);
    });
    after(() => world?.stop());

    // A call whose answer may never come; undefined then: nobody knows what it did.
    const attempt = async (...call) => {
      try {
        return await world.api(...call);
      } catch {
        return undefined;
      }
    };

    const payAndAwait = async (patient, id) => {
      const paid = await attempt('POST', `/api/holds/${id}/payments`, { method: 'sandbox' }, patient.token);
      if (paid?.status !== 202) return;
      const done = await world
        .until(`/api/appointments/${id}`, patient.token, (body) => body.status === 'booked', 3)
        .catch(() => undefined);
      if (done) told.set(id, { ...told.get(id), status: 'booked' });
    };

    const step = async (patient) => {
      const slots = await world.slots(wide, { from: dateIn(1), to: dateIn(30) }).catch(() => []);
      if (!slots.length) return sleep(20);
      const { starts_at } = slots[Math.floor(random() * slots.length)];
      const reply = await attempt('POST', '/api/holds', { doctor_id: wide, starts_at }, patient.token);
      if (reply?.status === 409 && reply.body.hold) {
        await attempt('DELETE', reply.body.hold, undefined, patient.token); // of a call whose answer was lost
        return undefined;
      }
      if (reply?.status !== 201) return sleep(10);
      const { id, expires_at } = reply.body;
      told.set(id, { patient, starts_at, expires_at, status: 'pending' });
      const choice = random();
      if (choice < 0.5) return payAndAwait(patient, id);
      if (choice < 0.9) {
        const released = await attempt('DELETE', `/api/holds/${id}`, undefined, patient.token);
        told.set(id, { ...told.get(id), status: released?.status === 204 ? 'ended' : 'unknown' });
      }
      return undefined;
    };

    // Somebody always holds the narrow doctor's only slot or waits for it.
    const queueStep = async (patient) => {
      const [slot] = await world.slots(narrow, { from: narrowDay, to: narrowDay }).catch(() => []);
      if (slot) await attempt('POST', '/api/holds', { doctor_id: narrow, starts_at: slot.starts_at }, patient.token);
      const joined = await attempt(
        'POST',
        '/api/waits',
        { doctor_id: narrow, from: narrowDay, to: narrowDay },
        patient.token,
      );
      if (joined?.status === 201) tickets.set(joined.body.id, { ticket: joined.body.ticket, patient });
      await sleep(100);
    };

    const lives = (people, work) =>
      people.map(async (patient) => {
        while (!isDown) await work(patient);
      });

    const verifyTold = async () => {
      await pooled([...told], 32, async ([id, { patient, starts_at, status }]) => {
        const found = isOk(await world.api('GET', `/api/appointments/${id}`, undefined, patient.token), 200);
        assert.equal(found.starts_at, starts_at);
        if (status === 'booked') assert.equal(found.status, 'booked', `appointment ${id} was told to be booked`);
        if (status === 'ended') assert.notEqual(found.status, 'pending', `hold ${id} was told to be released`);
      });
      await pooled([...tickets], 16, async ([id, { ticket, patient }]) => {
        const found = isOk(await world.api('GET', `/api/waits/${id}`, undefined, patient.token), 200);
        assert.equal(found.ticket, ticket);
      });
    };

    const verifyDeadlines = async () => {
      const active = [...(await activeAppointments(world, wide)), ...(await activeAppointments(world, narrow))];
      assertNoOverlap(active);
      for (const entry of active.filter((one) => one.status === 'pending' && one.payment.status !== 'requested')) {
        const late = Date.now() - Date.parse(entry.expires_at) - (graceSeconds + slackSeconds) * 1000;
        assert.ok(late < 0, `hold ${entry.id} outlived its deadline by ${late} ms`);
      }
    };

    test(`${rounds} times kill -9 under load`, async (t) => {
      t.diagnostic(`seed ${seed}`);
      let acknowledged = 0;
      for (let round = 1; round <= rounds; round++) {
        isDown = false;
        const running = [...lives(patients, step), ...lives(waiters, queueStep)];
        await sleep(200 + random() * 800);
        isDown = true;
        await world.kill9();
        await Promise.all(running);
        acknowledged += told.size;
        await world.restart();
        await verifyTold();
        await assertFirstComeFirstServed(world, narrow);
        if (round % 5 === 0 || round === rounds) {
          await sleep((holdSeconds + graceSeconds + 1) * 1000);
          await verifyDeadlines();
        }
        told.clear();
        tickets.clear();
      }
      t.diagnostic(`${acknowledged} acknowledged holds looked for, none lost`);
      assert.ok(acknowledged > rounds, 'there was load');
      await assertMoneyReconciles(world, [wide, narrow], 60);
    });
  },
  ['sqlite', 'postgres', 'nodes'],
);
