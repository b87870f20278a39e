// A commit whose standby does not answer: PostgreSQL has it on its own disk, shows it to everybody, and may lose it
// with the host. So nobody is told of it, whoever asks again included, until a standby has it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem } from '../lib/expect.mjs';
import { start } from '../lib/server.mjs';

const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('doubt', () => {
  let world, patient, slot;

  const psql = (...statements) => {
    const commands = statements.flatMap((sql) => ['-c', sql]);
    return execFileSync('psql', ['-X', '-A', '-t', '-q', '-d', world.url, ...commands], { encoding: 'utf8' }).trim();
  };
  const standby = async (name) => {
    psql(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`, 'SELECT pg_reload_conf()');
    await sleep(300);
  };
  const hold = (key) => world.api('POST', '/api/holds', slot, patient.token, { 'idempotency-key': key });
  // Somebody, or a server that stops, ends the wait for the standby.
  const holdWithoutStandby = async (key) => {
    let isAnswered = false;
    const reply = hold(key).finally(() => {
      isAnswered = true;
    });
    while (!isAnswered) {
      await sleep(50);
      psql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
    return reply;
  };

  before(async () => {
    world = await start({ engine: 'postgres' });
    patient = await world.patient();
    const doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
    const [first] = await world.slots(doctor, { from: dateIn(2), to: dateIn(9) });
    slot = { doctor_id: doctor, starts_at: first.starts_at };
  });
  after(() => world?.stop());

  test('what no standby has is acknowledged to nobody, and to everybody once it has', async () => {
    await standby('nobody');
    isProblem(await holdWithoutStandby('doubtful'), 503, 'server.unavailable');
    assert.equal(psql("SELECT count(*) FROM booking_appointment WHERE status = 'pending'"), '1', 'it is on the disk');
    isProblem(await holdWithoutStandby('doubtful'), 503, 'server.unavailable');
    await world.restart();
    isProblem(await holdWithoutStandby('doubtful'), 503, 'server.unavailable');
    await standby('');
    const { id } = isOk(await hold('doubtful'), 201);
    assert.equal(isOk(await hold('doubtful'), 201).id, id);
    assert.equal(
      psql("SELECT string_agg(id::text, ',') FROM booking_appointment WHERE status = 'pending'"),
      String(id),
    );
  });
});
