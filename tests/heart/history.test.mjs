// Histories: what clients of three nodes were told, and when, while a node dies and comes back. For each slot there
// must be one order of all calls, each between its beginning and its answer, that a single book of the slot could have
// had; and who stood in line before another came has the lower number.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pooled, randomFrom } from '../lib/client.mjs';
import { isOk } from '../lib/expect.mjs';
import { assertFirstComeFirstServed } from '../lib/fairness.mjs';
import { isLinearizable } from '../lib/linearizable.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const seconds = Number(process.env.FAIRWARD_HISTORY_SECONDS ?? 6);
const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

// The book of one slot: '' is free, else who has it.
function slotStep(owner, { kind, patient }) {
  if (kind === 'held') return owner === '' ? String(patient) : undefined;
  if (kind === 'refused') return owner === '' ? undefined : owner;
  return owner === String(patient) ? '' : undefined; // released
}

test('the judge knows a broken history', () => {
  const held = { kind: 'held', patient: 1, start: 0, end: 1 };
  const released = { kind: 'released', patient: 1, start: 4, end: 5 };
  const judge = (...others) => isLinearizable([held, released, ...others], '', slotStep);
  assert.ok(judge({ kind: 'held', patient: 2, start: 3, end: 6 }));
  assert.ok(judge({ kind: 'refused', patient: 2, start: 3, end: 6 }));
  assert.ok(!judge({ kind: 'held', patient: 2, start: 2, end: 3 }), 'while another has it');
  assert.ok(!judge({ kind: 'refused', patient: 2, start: 6, end: 7 }), 'although it is free');
  assert.ok(!judge({ kind: 'released', patient: 1, start: 6, end: 7 }), 'twice');
});

onEachEngine(
  'history',
  (engine) => {
    let world, doctors, patients;
    before(async () => {
      world = await start({ engine, sockets: 100 });
      doctors = (await world.api('GET', '/api/doctors?limit=2')).body.items.map((doctor) => doctor.id);
      patients = await pooled(Array.from({ length: 24 }), 8, () => world.patient());
    });
    after(() => world?.stop());

    // Until there is an answer: a lost one leaves open what was done, the key makes the next try the same call.
    const persist = async (random, ...[method, target, body, token, headers]) => {
      for (let tries = 1; ; tries++) {
        const node = world.nodes[Math.floor(random() * world.nodes.length)];
        const reply = await node.api(method, target, body, token, headers).catch(() => undefined);
        if (reply && reply.status !== 503) return { reply, tries };
        await sleep(20);
      }
    };

    test('every slot has one order of events, though a node dies', async (t) => {
      t.diagnostic(`seed ${seed}`);
      const day = dateIn(3);
      await world.schedule(doctors[0], { starts: '10:00', ends: '12:00', slot_minutes: 30 });
      const slots = (await world.slots(doctors[0], { from: day, to: day })).map((slot) => slot.starts_at);
      assert.equal(slots.length, 4);
      const history = new Map(slots.map((slot) => [slot, []]));
      let isOver = false;
      const live = async (patient, index) => {
        const random = randomFrom(seed * 1000 + index);
        for (let round = 0; !isOver; round++) {
          const starts_at = slots[Math.floor(random() * slots.length)];
          const key = { 'idempotency-key': `history-${index}-${round}` };
          const wish = { doctor_id: doctors[0], starts_at };
          const note = (kind, began) =>
            history.get(starts_at).push({ kind, patient: index, start: began, end: performance.now() });
          const began = performance.now();
          const { reply } = await persist(random, 'POST', '/api/holds', wish, patient.token, key);
          if (reply.status === 201) {
            note('held', began);
            await sleep(random() * 20);
            const letGo = performance.now();
            const { reply: last, tries } = await persist(
              random,
              'DELETE',
              `/api/holds/${reply.body.id}`,
              undefined,
              patient.token,
            );
            assert.ok(last.status === 204 || tries > 1, last.text);
            note('released', letGo);
          } else {
            assert.equal(reply.status, 409, reply.text);
            note('refused', began);
          }
          await sleep(random() * 60);
        }
      };
      const lives = patients.map(live);
      await sleep(seconds * 400);
      await world.kill9();
      await sleep(seconds * 200);
      await world.restart();
      await sleep(seconds * 400);
      isOver = true;
      await Promise.all(lives);
      const counts = {};
      for (const [slot, operations] of history) {
        for (const { kind } of operations) counts[kind] = (counts[kind] ?? 0) + 1;
        assert.ok(isLinearizable(operations, '', slotStep), `no order explains what was told of ${slot}`);
        // The judge would have seen it: the same history with one more owner at some moment is refused.
        const held = operations.find((one) => one.kind === 'held');
        const ghost = { ...held, patient: 99 };
        assert.ok(!isLinearizable([...operations, ghost], '', slotStep));
      }
      t.diagnostic(JSON.stringify(counts));
      assert.ok(counts.held > 50 && counts.refused > 50);
    });

    test('who came before another has the lower number, at whichever node', async () => {
      const day = dateIn(4);
      await world.schedule(doctors[1], { starts: '10:00', ends: '10:30', slot_minutes: 30 });
      const [slot] = await world.slots(doctors[1], { from: day, to: day });
      const [holder, ...crowd] = patients;
      const wish = { doctor_id: doctors[1], starts_at: slot.starts_at };
      const hold = isOk(await world.api('POST', '/api/holds', wish, holder.token), 201);
      const random = randomFrom(seed);
      const joins = await Promise.all(
        crowd.map(async (patient) => {
          await sleep(random() * 200);
          const began = performance.now();
          const body = { doctor_id: doctors[1], from: day, to: day };
          const joined = isOk(await world.api('POST', '/api/waits', body, patient.token), 201);
          return { start: began, end: performance.now(), ticket: joined.ticket, id: joined.id, patient };
        }),
      );
      for (const one of joins) {
        for (const other of joins) {
          if (one.end < other.start) assert.ok(one.ticket < other.ticket, `${one.ticket} came before ${other.ticket}`);
        }
      }
      // Each lets it go in turn, at some node; the next is told.
      assert.equal((await world.api('DELETE', `/api/holds/${hold.id}`, undefined, holder.token)).status, 204);
      for (const join of joins.toSorted((a, b) => a.ticket - b.ticket)) {
        const told = await world.until(
          `/api/waits/${join.id}`,
          join.patient.token,
          (body) => body.status === 'offered',
        );
        const gone = await world.api('DELETE', `/api/holds/${told.offer.hold_id}`, undefined, join.patient.token);
        assert.equal(gone.status, 204);
      }
      assert.equal(await assertFirstComeFirstServed(world, doctors[1]), joins.length);
    });
  },
  ['nodes'],
);
