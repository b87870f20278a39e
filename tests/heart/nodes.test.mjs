// Three nodes over one PostgreSQL: what one commits the others know within milliseconds; who waits at one node hears of
// what another has done; when a node dies, freezes or loses its database, the others go on with its work, and nothing
// that is stale is acted upon.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pooled } from '../lib/client.mjs';
import { isOk } from '../lib/expect.mjs';
import {
  activeAppointments,
  assertFirstComeFirstServed,
  assertMoneyReconciles,
  assertNoOverlap,
} from '../lib/fairness.mjs';
import { startGate } from '../lib/gate.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const rounds = Number(process.env.FAIRWARD_NODE_ROUNDS ?? 60);
const holdSeconds = 2;
const graceSeconds = 1;
const leaseSeconds = 3; // src/platform/nodes
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

onEachEngine(
  'nodes',
  (engine) => {
    let world, doctors, patients;
    before(async () => {
      world = await start({
        engine,
        sockets: 200,
        settings: { 'booking.hold_seconds': holdSeconds, 'booking.grace_seconds': graceSeconds },
      });
      doctors = (await world.api('GET', '/api/doctors?limit=6')).body.items.map((doctor) => doctor.id);
      patients = await pooled(Array.from({ length: 24 }), 8, () => world.patient());
    });
    after(() => world?.stop());

    const holdAt = (node, doctor, starts_at, patient) =>
      node.api('POST', '/api/holds', { doctor_id: doctor, starts_at }, patient.token);
    const release = (node, id, patient) => node.api('DELETE', `/api/holds/${id}`, undefined, patient.token);
    const statusAt = async (node, doctor, starts_at) => {
      const day = starts_at.slice(0, 10);
      const { items } = isOk(await node.api('GET', `/api/doctors/${doctor}/slots?from=${day}&to=${day}`), 200);
      return items.find((slot) => slot.starts_at === starts_at).status;
    };
    const untilStatus = async (node, doctor, starts_at, wanted, ms) => {
      const began = performance.now();
      while (performance.now() - began < ms) {
        if ((await statusAt(node, doctor, starts_at)) === wanted) return performance.now() - began;
      }
      return assert.fail(`${starts_at} was not ${wanted} within ${ms} ms`);
    };
    // A doctor whose only slot of a day is this one.
    const narrow = async (doctor, days) => {
      await world.schedule(doctor, { starts: '10:00', ends: '10:30', slot_minutes: 30 });
      const day = dateIn(days);
      const [slot, ...more] = await world.slots(doctor, { from: day, to: day });
      assert.deepEqual(more, []);
      return { day, slot: slot.starts_at };
    };
    const join = async (node, doctor, day, patient) =>
      isOk(await node.api('POST', '/api/waits', { doctor_id: doctor, from: day, to: day }, patient.token), 201);

    test('the work is shared out among those who are there', async () => {
      for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(200)) {
        const held = await Promise.all(world.nodes.map((node) => node.metric('fairward_leases_held')));
        if (held.every((count) => count >= 20) && held.reduce((sum, count) => sum + count) === 64) return;
      }
      assert.fail('the leases are not shared');
    });

    test('what one node commits another shows', async (t) => {
      const times = [];
      const [one, two] = world.nodes;
      const slots = (await world.slots(doctors[0], { from: dateIn(2), to: dateIn(9) })).map((slot) => slot.starts_at);
      for (let round = 0; round < rounds; round++) {
        const patient = patients[round % patients.length];
        const { id } = isOk(await holdAt(one, doctors[0], slots[round], patient), 201);
        times.push(await untilStatus(two, doctors[0], slots[round], 'held', 2000));
        assert.equal((await release(one, id, patient)).status, 204);
        times.push(await untilStatus(two, doctors[0], slots[round], 'free', 2000));
      }
      t.diagnostic(
        `seen by another node after ${median(times).toFixed(1)} ms, at most ${Math.max(...times).toFixed(1)}`,
      );
      assert.ok(median(times) < 100);
      // What the metrics say of it: for each commit at one node an observation at the other.
      const lag = (what) => two.metric(`fairward_event_lag_seconds_${what}`);
      assert.ok((await lag('count')) >= 2 * rounds);
      t.diagnostic(`by its metric ${((1000 * (await lag('sum'))) / (await lag('count'))).toFixed(1)} ms on average`);
      assert.ok((await lag('sum')) / (await lag('count')) < 0.5);
      assert.ok((await two.metric('fairward_events_heard_age_seconds')) < 2);
    });

    test('an offer made at one node reaches who is parked at another', async (t) => {
      const [one, two, three] = world.nodes;
      const { day, slot } = await narrow(doctors[1], 3);
      const times = [];
      for (let round = 0; round < 10; round++) {
        const [holder, waiter] = [patients[2 * round], patients[2 * round + 1]];
        await untilStatus(one, doctors[1], slot, 'free', 2000);
        const hold = isOk(await holdAt(one, doctors[1], slot, holder), 201);
        const wait = await join(two, doctors[1], day, waiter);
        const read = await three.api('GET', `/api/waits/${wait.id}`, undefined, waiter.token);
        const parked = three.api('GET', `/api/waits/${wait.id}?wait=20`, undefined, waiter.token, {
          'if-none-match': read.headers.etag,
        });
        await sleep(50);
        const began = performance.now();
        assert.equal((await release(one, hold.id, holder)).status, 204);
        const told = isOk(await parked, 200);
        times.push(performance.now() - began);
        assert.equal(told.status, 'offered');
        assert.equal((await release(two, told.offer.hold_id, waiter)).status, 204);
      }
      t.diagnostic(`from the release at one node to the offer at another ${median(times).toFixed(1)} ms`);
      await assertFirstComeFirstServed(world, doctors[1]);
    });

    test('who logs out at one node is out at the others', async () => {
      const patient = await world.patient();
      for (const node of world.nodes) isOk(await node.api('GET', '/api/me', undefined, patient.token), 200);
      const out = await world.nodes[0].api('POST', '/api/auth/logout', {}, patient.token);
      assert.ok([200, 204].includes(out.status), out.text);
      await sleep(200);
      for (const node of world.nodes) {
        assert.equal((await node.api('GET', '/api/me', undefined, patient.token)).status, 401);
      }
    });

    test('a hospital closed at one node takes no bookings at the others, and opens again', async () => {
      const admin = await world.staff('platform_admin');
      const { practices } = (await world.api('GET', `/api/doctors/${doctors[2]}`)).body;
      const hospital = practices[0].hospital_id;
      const seen = async (isOpen) => {
        for (const deadline = Date.now() + 3000; Date.now() < deadline; await sleep(20)) {
          const lists = await Promise.all(
            world.nodes.map((node) => node.api('GET', `/api/doctors/${doctors[2]}/slots?from=${dateIn(2)}`)),
          );
          const isShown = ({ body }) => body.items.some((slot) => slot.hospital_id === hospital);
          if (lists.every((list) => isShown(list) === isOpen)) return;
        }
        assert.fail(`not every node shows the hospital ${isOpen ? 'open' : 'closed'}`);
      };
      for (const status of ['closed', 'active']) {
        const [one] = world.nodes;
        const { headers } = await one.api('GET', `/api/hospitals/${hospital}`, undefined, admin);
        const tag = { 'if-match': headers.etag };
        isOk(await one.api('PUT', `/api/hospitals/${hospital}`, { status }, admin, tag), 200);
        await seen(status === 'active');
      }
    });

    // The node that holds the lease of the doctor's part: see src/platform/nodes.
    const watcherOf = (doctor) => {
      const part = (BigInt.asUintN(64, BigInt(doctor) * 0x9e3779b97f4a7c15n) >> 32n) % 64n;
      const [[name]] = world.postgres.rows(
        world.url,
        `SELECT n.name FROM platform_lease l JOIN platform_node n ON n.id = l.node WHERE l.part = ${part}`,
      );
      return world.nodes.find((node) => name.endsWith(`:${node.port}`));
    };
    // Holds that nobody pays lapse although the node that watched them is gone.
    const lapsesAlthough = async (doctor, days, fault, heal) => {
      const { day, slot } = await narrow(doctor, days);
      const [holder, ...waiters] = patients.slice(0, 4);
      const victim = watcherOf(doctor);
      const others = world.nodes.filter((node) => node !== victim);
      const hold = isOk(await holdAt(victim, doctor, slot, holder), 201);
      const waits = [];
      for (const waiter of waiters) waits.push(await join(victim, doctor, day, waiter));
      await sleep(Date.parse(hold.expires_at) - Date.now() + graceSeconds * 1000 - 500); // it is about to lapse
      await fault(victim);
      const began = performance.now();
      let told;
      for (const deadline = Date.now() + 30_000; Date.now() < deadline && told?.status !== 'offered'; await sleep(50)) {
        const reply = await others[0].api('GET', `/api/waits/${waits[0].id}`, undefined, waiters[0].token);
        told = reply.body;
      }
      assert.equal(told.status, 'offered');
      const seconds = (performance.now() - began) / 1000;
      const allowed = leaseSeconds + 4;
      assert.ok(seconds < allowed, `the slot was handed over after ${seconds} s`);
      const lapsed = isOk(await others[1].api('GET', `/api/appointments/${hold.id}`, undefined, holder.token), 200);
      assert.equal(lapsed.status, 'expired');
      await heal(victim);
      // Everybody has lapsed in the end, one after the other, each once.
      for (const [index, wait] of waits.entries()) {
        let last;
        for (
          const deadline = Date.now() + 30_000;
          Date.now() < deadline && last?.status !== 'lapsed';
          await sleep(100)
        ) {
          last = (await others[0].api('GET', `/api/waits/${wait.id}`, undefined, waiters[index].token)).body;
        }
        assert.equal(last.status, 'lapsed');
      }
      assert.equal(await assertFirstComeFirstServed(world, doctor), waits.length);
      return seconds;
    };

    test('kill -9: the others end its holds and hand over', async (t) => {
      const seconds = await lapsesAlthough(
        doctors[3],
        4,
        (victim) => victim.child.end('SIGKILL'),
        (victim) => victim.serve(),
      );
      t.diagnostic(`handed over ${seconds.toFixed(1)} s after it`);
    });

    test('SIGSTOP: a node that wakes up late acts on nothing stale', async (t) => {
      const seconds = await lapsesAlthough(
        doctors[4],
        5,
        async (victim) => victim.child.process.kill('SIGSTOP'),
        async (victim) => victim.child.process.kill('SIGCONT'),
      );
      t.diagnostic(`handed over ${seconds.toFixed(1)} s after it`);
      // It has caught up: what the others did while it stood still is in its memory.
      await world.untilAgreed(doctors[4]);
    });

    // Those who are answered by another node notice nothing; who is not gets a 503 and may try again with the same key.
    test('a node whose database is slow, cut off or silent loses nothing and comes back', async (t) => {
      const gate = await startGate(world.postgres.socket);
      const [sick, ...healthy] = world.nodes;
      const name = new URL(world.url).pathname;
      await sick.serveAs({ 'database.url': `postgresql://127.0.0.1:${gate.port}${name}?user=fairward` });
      const told = new Map();
      const answers = {};
      let isOver = false;
      const slots = (await world.slots(doctors[5], { from: dateIn(6), to: dateIn(30) })).map((slot) => slot.starts_at);
      const live = async (patient, index) => {
        for (let round = 0; !isOver; round++) {
          const starts_at = slots[(index * 37 + round * 11) % slots.length];
          const key = `gate-${index}-${round}`;
          let reply;
          for (let tries = 0; tries < 400 && (!reply || reply.status === 503); tries++) {
            const node = world.nodes[(index + tries) % world.nodes.length];
            reply = await node
              .api('POST', '/api/holds', { doctor_id: doctors[5], starts_at }, patient.token, {
                'idempotency-key': key,
              })
              .catch(() => undefined);
            if (reply) answers[reply.status] = (answers[reply.status] ?? 0) + 1;
            if (!reply || reply.status === 503) await sleep(25);
          }
          if (reply?.status === 201) {
            told.set(reply.body.id, { patient, starts_at });
            await healthy[0].api('DELETE', `/api/holds/${reply.body.id}`, undefined, patient.token).catch(() => {});
          }
        }
      };
      const lives = patients.slice(0, 12).map(live);
      await sleep(500);
      gate.delay(20);
      await sleep(1000);
      gate.cut();
      await sleep(1000);
      gate.stall();
      await sleep(4000);
      const deafFor = await sick.metric('fairward_events_heard_age_seconds');
      assert.ok(deafFor > 2, `it says that it heard of others ${deafFor} s ago`);
      gate.cut();
      gate.open();
      await sleep(1500);
      isOver = true;
      await Promise.all(lives);
      t.diagnostic(`${told.size} holds, answers ${JSON.stringify(answers)}`);
      assert.ok(told.size > 50, 'there was load');
      const known = new Set(['201', '409', '503']);
      assert.deepEqual(
        Object.keys(answers).filter((status) => !known.has(status)),
        [],
      );
      for (const [id, { patient, starts_at }] of told) {
        const found = isOk(await world.api('GET', `/api/appointments/${id}`, undefined, patient.token), 200);
        assert.equal(found.starts_at, starts_at);
      }
      assertNoOverlap(await activeAppointments(world, doctors[5]));
      await untilStatus(sick, doctors[5], slots[0], await statusAt(healthy[0], doctors[5], slots[0]), 5000);
      const hold = isOk(await holdAt(healthy[0], doctors[5], slots[1], patients[20]), 201);
      await untilStatus(sick, doctors[5], slots[1], 'held', 3000);
      assert.equal((await release(sick, hold.id, patients[20])).status, 204);
      assert.ok((await sick.metric('fairward_events_heard_age_seconds')) < 2);
      for (const kind of ['writer', 'follower']) {
        assert.ok((await sick.metric(`fairward_database_reconnects_total{kind="${kind}"}`)) > 0, kind);
        assert.ok((await sick.metric(`fairward_database_connections{kind="${kind}"}`)) > 0, kind);
      }
      await sick.serveAs({});
      await gate.stop();
    });

    test('the money adds up', () => assertMoneyReconciles(world, doctors, 30));
  },
  ['nodes'],
);

// Nodes that serve a part: each answers what is its own, and 421 to the rest; together they are the whole.
onEachEngine(
  'services',
  (engine) => {
    let world, patient, doctors;
    before(async () => {
      world = await start({ engine, nodes: 2, demo: { cities: 2, doctors: 12 } });
      patient = await world.patient();
      doctors = (await world.api('GET', '/api/doctors?limit=24')).body.items;
    });
    after(() => world?.stop());

    const isElsewhere = (reply) => assert.deepEqual([reply.status, reply.body.code], [421, 'request.served_elsewhere']);

    test('--modules', async () => {
      const [front, booking] = world.nodes;
      await front.serveAs({ 'node.modules': 'identity, directory,reviews' });
      await booking.serveAs({ 'node.modules': 'booking,billing,events' });
      isOk(await front.api('GET', '/api/doctors'), 200);
      isOk(await front.api('GET', '/api/me', undefined, patient.token), 200);
      isElsewhere(await front.api('GET', `/api/doctors/${doctors[0].id}/slots`));
      isElsewhere(await front.api('GET', '/api/events?topics=doctor/1'));
      isElsewhere(await booking.api('GET', '/api/doctors'));
      const [slot] = isOk(await booking.api('GET', `/api/doctors/${doctors[0].id}/slots?from=${dateIn(3)}`), 200).items;
      const wish = { doctor_id: doctors[0].id, starts_at: slot.starts_at };
      isElsewhere(await front.api('POST', '/api/holds', wish, patient.token));
      const hold = isOk(await booking.api('POST', '/api/holds', wish, patient.token), 201);
      isOk(await booking.api('POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, patient.token), 202);
      for (const deadline = Date.now() + 10_000; ; await sleep(50)) {
        const found = isOk(await booking.api('GET', `/api/appointments/${hold.id}`, undefined, patient.token), 200);
        if (found.status === 'booked') break;
        assert.ok(Date.now() < deadline, found.status);
      }
      assert.equal(await front.metric('fairward_leases_held'), 0);
    });

    test('--hospitals', async () => {
      const hospitalsOf = (doctor) => doctor.practices.map((practice) => practice.hospital_id);
      const own = hospitalsOf(doctors[0])[0];
      const stranger = doctors.find((doctor) => !hospitalsOf(doctor).includes(own));
      const [cell, other] = world.nodes;
      await cell.serveAs({ 'node.hospitals': String(own) });
      await other.serveAs({});
      isOk(await cell.api('GET', `/api/doctors/${doctors[0].id}/slots`), 200);
      isElsewhere(await cell.api('GET', `/api/doctors/${stranger.id}/slots`));
      isElsewhere(await cell.api('GET', `/api/hospitals/${hospitalsOf(stranger)[0]}`));
      const starts_at = `${dateIn(3)}T04:30:00Z`;
      isElsewhere(await cell.api('POST', '/api/holds', { doctor_id: stranger.id, starts_at }, patient.token));
      isOk(await other.api('GET', `/api/doctors/${stranger.id}/slots`), 200);
    });

    test('what is not a module is refused at the start', () => {
      for (const flag of ['--modules=booking,laundry', '--hospitals=12,x']) {
        const { status, error } = commandResult(['serve', flag, `--data.folder=${world.folder}/x`]);
        assert.equal(status, 3);
        assert.match(error, /node\.(modules|hospitals)/);
      }
    });
  },
  ['nodes'],
);
