// Nodes whose calls touch many doctors at once do not lock each other out: three nodes over one PostgreSQL, a user that
// may not shorten deadlock_timeout, and a crowd that holds, releases, pays and cancels with many doctors while holds
// lapse. PostgreSQL counts the deadlocks: none. Every transaction locks doctors first, smallest first, then people.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { pooled, randomFrom } from '../lib/client.mjs';
import { activeAppointments, assertNoOverlap } from '../lib/fairness.mjs';
import { postgresMissing, psql, startPostgres } from '../lib/postgres.mjs';
import { start } from '../lib/server.mjs';

const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const rounds = process.env.FAIRWARD_LONG ? 40 : 6;
const doctorCount = 24;
const crowd = 96;
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('locks', { skip: postgresMissing || false }, () => {
  let postgres, world, owner, doctors, patients;

  before(async () => {
    postgres = await startPostgres(['deadlock_timeout=1s']);
    owner = postgres.url();
    psql(owner, 'CREATE ROLE plain LOGIN; ALTER SCHEMA public OWNER TO plain;');
    const url = owner.replace('user=fairward', 'user=plain');
    world = await start({
      engine: 'nodes',
      url,
      sockets: crowd,
      demo: { doctors: doctorCount },
      settings: { 'booking.hold_seconds': 3, 'booking.grace_seconds': 0 },
    });
    doctors = (await world.api('GET', `/api/doctors?limit=${doctorCount}`)).body.items.map((doctor) => doctor.id);
    patients = await pooled(Array.from({ length: crowd }), 16, () => world.patient());
  });
  after(async () => {
    await world?.stop();
    await postgres?.stop();
  });

  const deadlocks = () =>
    Number(psql(owner, 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database();'));
  const database = () => psql(owner, 'SELECT current_database();').trim();

  test('the user may not shorten deadlock_timeout', () => {
    assert.throws(() => psql(owner, "SET ROLE plain; SET deadlock_timeout = '50ms';"), /permission denied/);
    assert.equal(psql(owner, 'SHOW deadlock_timeout;').trim(), '1s');
  });

  test(`${crowd} people hold, release and pay with ${doctors?.length ?? doctorCount} doctors`, async (t) => {
    const random = randomFrom(seed);
    const slots = new Map();
    for (const doctor of doctors)
      slots.set(doctor, await world.slots(doctor, { from: dateIn(3), to: dateIn(6), soonest: 3_600_000 }));
    const before = deadlocks();
    const counts = {};
    const note = (name, { status, text }) => {
      assert.ok(status < 500, `${name}: ${status} ${text}`);
      counts[name] = (counts[name] ?? 0) + 1;
    };
    const hold = async (patient, doctor) => {
      const free = slots.get(doctor);
      const { starts_at } = free[Math.floor(random() * free.length)];
      const reply = await world.api('POST', '/api/holds', { doctor_id: doctor, starts_at }, patient.token);
      note(`hold ${reply.status}`, reply);
      return reply.status === 201 ? { id: reply.body.id, patient } : undefined;
    };
    for (let round = 0; round < rounds; round++) {
      // All begin in the same moment, everyone with the next doctor: batches of many doctors on every node.
      const held = await Promise.all(
        patients.map((patient, index) => hold(patient, doctors[(index + round) % doctors.length])),
      );
      const ends = held.filter(Boolean).map(async ({ id, patient }, index) => {
        if (round % 3 === 2 && index % 2 === 0) return; // these lapse, while others hold anew
        if (index % 4 === 1) {
          note('pay', await world.api('POST', `/api/holds/${id}/payments`, {}, patient.token));
          await world.until(`/api/holds/${id}`, patient.token, (body) => body.status !== 'pending');
          note('cancel', await world.api('PUT', `/api/appointments/${id}/cancel`, {}, patient.token));
        } else note('release', await world.api('DELETE', `/api/holds/${id}`, undefined, patient.token));
      });
      await Promise.all(ends);
    }
    // The counter is written by each session as it becomes idle, at the latest a second later.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    t.diagnostic(`seed ${seed}: ${JSON.stringify(counts)}`);
    assert.ok(counts['hold 201'] > crowd, 'many holds');
    assert.ok(counts.release > crowd, 'many releases');
    assert.equal(deadlocks() - before, 0, `deadlocks in ${database()}`);
    for (const doctor of doctors) assertNoOverlap(await activeAppointments(world, doctor));
  });
});
