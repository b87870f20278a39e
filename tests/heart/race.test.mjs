// Race: a thousand people want one slot in the same moment. One gets it; all are told the truth, soon.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pooled } from '../lib/client.mjs';
import { isProblem } from '../lib/expect.mjs';
import { activeAppointments, assertNoOverlap } from '../lib/fairness.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const crowd = Number(process.env.FAIRWARD_RACE_CLIENTS ?? 1000);
const outcomes = [
  'Appointment Failed – Slot Full',
  'Appointment Failed – Retry, as other users are holding reserved slots',
];
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

onEachEngine(
  'race',
  (engine) => {
    let world, patients, doctor;
    before(async () => {
      world = await start({ engine, sockets: crowd });
      patients = await pooled(Array.from({ length: crowd }), 32, () => world.patient());
      doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
    });
    after(() => world?.stop());

    // All requests are on their way before the first answer is awaited.
    const raceFor = async (slot) => {
      const began = performance.now();
      const replies = await Promise.all(
        patients.map((patient) =>
          world.api('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, patient.token),
        ),
      );
      return { replies, ms: performance.now() - began };
    };

    test(`${crowd} clients, one slot: one hold`, async (t) => {
      const [slot] = await world.slots(doctor, { from: dateIn(2), to: dateIn(3) });
      const { replies, ms } = await raceFor(slot);
      const winners = replies.filter((reply) => reply.status === 201);
      assert.equal(winners.length, 1, `${winners.length} holds`);
      for (const reply of replies.filter((entry) => entry.status !== 201)) {
        isProblem(reply, 409);
        assert.ok(outcomes.includes(reply.body.outcome), reply.text);
      }
      const active = await activeAppointments(world, doctor);
      assert.deepEqual(
        active.map((entry) => entry.id),
        [winners[0].body.id],
      );
      assert.ok(ms < 10_000, `${ms} ms`);
      t.diagnostic(`${crowd} answers in ${Math.round(ms)} ms`);
    });

    test('the same again: those with a hold are refused, the rest race on', async () => {
      const slots = await world.slots(doctor, { from: dateIn(4), to: dateIn(4) });
      for (const slot of slots.slice(0, 3)) {
        const { replies } = await raceFor(slot);
        assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
      }
      const active = await activeAppointments(world, doctor);
      assert.equal(active.length, 4);
      assertNoOverlap(active);
    });
  },
  ['sqlite', 'postgres', 'nodes'],
);
