// Rush: two thousand people and one doctor's day of 72 slots. Some pay, some fail, some pay too late, some let go,
// some forget; the others stand in line. At the end every slot has one owner at most, nobody was overtaken, and every
// captured payment is a booking or a refund. FAIRWARD_SEED replays the choices, not the timing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pooled, randomFrom } from '../lib/client.mjs';
import {
  activeAppointments,
  assertFirstComeFirstServed,
  assertMoneyReconciles,
  assertNoOverlap,
} from '../lib/fairness.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const crowd = Number(process.env.FAIRWARD_RUSH_PATIENTS ?? 1000);
const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
const holdSeconds = 2;

onEachEngine(
  'rush',
  (engine) => {
    let world, patients, doctor, starts;
    before(async () => {
      world = await start({
        engine,
        sockets: crowd + 50,
        settings: { 'booking.hold_seconds': holdSeconds, 'booking.grace_seconds': 1 },
      });
      const found = (await world.api('GET', '/api/doctors?limit=1')).body.items[0];
      doctor = found.id;
      await world.schedule(doctor, { starts: '09:00', ends: '15:00', slot_minutes: 5 });
      starts = (await world.slots(doctor, { from: day, to: day })).map((slot) => slot.starts_at);
      assert.equal(starts.length, 72);
      patients = await pooled(Array.from({ length: crowd }), 32, () => world.patient());
    });
    after(() => world?.stop());

    // What a person does with a hold; answers how it ended.
    const useHold = async (patient, id, choice) => {
      const pay = (outcome) =>
        world.api('POST', `/api/holds/${id}/payments`, { method: 'sandbox', outcome }, patient.token);
      if (choice < 0.15) {
        const reply = await world.api('DELETE', `/api/holds/${id}`, undefined, patient.token);
        assert.ok([204, 409].includes(reply.status), reply.text);
        return 'released';
      }
      if (choice < 0.3) return 'forgotten';
      const outcome = choice < 0.4 ? 'fail' : choice < 0.5 ? 'late' : 'success';
      const paid = await pay(outcome);
      if (paid.status === 409) return 'too late to pay';
      assert.equal(paid.status, 202, paid.text);
      if (outcome === 'fail') return 'failed';
      const isOver = (body) => body.status === 'booked' || ['refunded', 'failed'].includes(body.payment.status);
      const ended = await world.until(`/api/appointments/${id}`, patient.token, isOver, 90);
      return ended.status === 'booked' ? 'booked' : 'refunded';
    };

    const standInLine = async (patient, random) => {
      const joined = await world.api('POST', '/api/waits', { doctor_id: doctor, from: day, to: day }, patient.token);
      if (joined.status === 409) return joined.body.code === 'booking.slots_free' ? 'again' : joined.body.code;
      assert.equal(joined.status, 201, joined.text);
      const target = `/api/waits/${joined.body.id}`;
      if (random() < 0.05) {
        await world.api('DELETE', target, undefined, patient.token);
        return 'left';
      }
      const told = await world.until(target, patient.token, (body) => body.status !== 'waiting', 600);
      return told.status === 'offered' ? useHold(patient, told.offer.hold_id, random()) : told.status;
    };

    const live = async (patient, index) => {
      const random = randomFrom(seed * 10_000 + index);
      for (let tries = 0; tries < 50; tries++) {
        const starts_at = starts[Math.floor(random() * starts.length)];
        const reply = await world.api('POST', '/api/holds', { doctor_id: doctor, starts_at }, patient.token);
        if (reply.status === 201) return useHold(patient, reply.body.id, random());
        assert.equal(reply.status, 409, reply.text);
        if (tries < 2 && reply.body.code === 'booking.slot_taken') continue;
        const ended = await standInLine(patient, random);
        if (ended !== 'again') return ended;
      }
      return 'gave up';
    };

    test(`${crowd} patients, 72 slots`, async (t) => {
      t.diagnostic(`seed ${seed}`);
      const began = performance.now();
      const ends = await Promise.all(patients.map(live));
      t.diagnostic(`${Math.round((performance.now() - began) / 1000)} s`);
      const counts = {};
      for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
      t.diagnostic(JSON.stringify(counts));

      await t.test('every captured payment is a booking or a refund', () => assertMoneyReconciles(world, [doctor], 90));
      await t.test('every slot has one owner at most', async () => {
        const active = await activeAppointments(world, doctor);
        assertNoOverlap(active);
        assert.ok(active.length <= 72);
        const booked = active.filter((entry) => entry.status === 'booked');
        const told = patients.filter((_, index) => ends[index] === 'booked').map((patient) => patient.id);
        const stored = new Set(booked.map((entry) => entry.patient_id));
        for (const id of told) assert.ok(stored.has(id), `patient ${id} was told "booked"`);
        const slots = (await world.api('GET', `/api/doctors/${doctor}/slots?from=${day}&to=${day}`)).body.items;
        assert.equal(slots.filter((slot) => slot.status === 'booked').length, booked.length);
      });
      await t.test('nobody was overtaken', async () => {
        const offers = await assertFirstComeFirstServed(world, doctor);
        assert.ok(offers > 0, 'there was a queue');
      });
      await t.test('nobody is left without an answer', async () => {
        const waits = await Promise.all(
          patients
            .slice(0, 200)
            .map((patient) => world.api('GET', '/api/waits?status=waiting', undefined, patient.token)),
        );
        assert.ok(waits.every((reply) => reply.body.items.length === 0));
        assert.equal(counts['gave up'] ?? 0, 0);
      });
    });
  },
  ['sqlite', 'postgres', 'nodes'],
);
