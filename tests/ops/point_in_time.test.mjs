// Point-in-time recovery of PostgreSQL as docs/operations.md tells it: a base backup and the archived log bring the
// database to a moment. What was acknowledged before the moment is there, what came after is not, and a server serves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, placeOf } from '../lib/backups.mjs';
import { isOk } from '../lib/expect.mjs';
import { postgresMissing, psql } from '../lib/postgres.mjs';
import { commandResult, start } from '../lib/server.mjs';

// The archiver runs in the data folder.
const archiving = [
  'fsync=on',
  'archive_mode=on',
  'archive_timeout=1s',
  `archive_command=${[
    'mkdir -p ../archive',
    'test ! -f ../archive/%f',
    'cp %p ../archive/%f.part',
    'sync ../archive/%f.part',
    'mv ../archive/%f.part ../archive/%f',
  ].join(' && ')}`,
];

const isSkipped =
  postgresMissing || ((process.env.FAIRWARD_ENGINES ?? 'postgres').includes('postgres') ? false : 'left out');

describe('point-in-time recovery', { skip: isSkipped || false }, () => {
  let world, doctor, day;
  before(async () => {
    world = await start({ engine: 'postgres', postgres: archiving });
    doctor = (await world.api('GET', '/api/doctors?limit=30')).body.items[0].id;
    day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  });
  after(() => world?.stop());

  const hold = async (patient) => {
    const [slot] = await world.slots(doctor, { from: day });
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    return { patient, ...isOk(await world.api('POST', '/api/holds', body, patient.token), 201) };
  };
  const pay = async (held) => {
    const { id, patient } = held;
    isOk(await world.api('POST', `/api/holds/${id}/payments`, { method: 'sandbox' }, patient.token), 202);
    await world.until(`/api/appointments/${id}`, patient.token, (body) => body.status === 'booked');
    return held;
  };
  const appointment = ({ id, patient }) => world.api('GET', `/api/appointments/${id}`, undefined, patient.token);
  const sql = (text) => psql(world.url, `${text};`).trim();

  test('brings back what was acknowledged before the moment, and nothing after', async () => {
    const people = [];
    while (people.length < 9) people.push(await world.patient());
    const early = await pay(await hold(people[0]));
    const { folder, data, run } = world.postgres;
    const base = path.join(folder, 'base');
    run('pg_basebackup', ['-h', folder, '-U', 'fairward', '-D', base, '--checkpoint=fast', '--wal-method=none']);
    run('pg_verifybackup', ['--no-parse-wal', base]);

    const kept = [early, await pay(await hold(people[1]))];
    for (const patient of people.slice(2, 5)) kept.push(await hold(patient));
    const moment = sql('SELECT clock_timestamp()');
    await sleep(50);
    const lost = [await pay(await hold(people[5]))];
    for (const patient of people.slice(6, 9)) lost.push(await hold(patient));
    const segment = sql('SELECT pg_walfile_name(pg_current_wal_lsn())');
    const isArchived = () => fs.existsSync(path.join(folder, 'archive', segment));
    await eventually('archive_timeout ends the segment', isArchived);

    await world.kill9();
    await world.postgres.crash();
    fs.rmSync(data, { recursive: true });

    execFileSync('cp', ['-a', base, data]);
    execFileSync('touch', [path.join(data, 'recovery.signal')]);
    await world.postgres.serve([
      'restore_command=cp ../archive/%f %p',
      `recovery_target_time=${moment}`,
      'recovery_target_action=promote',
    ]);
    await eventually('the recovery ends', () => sql('SELECT pg_is_in_recovery()') === 'f');

    await world.restart();
    const check = commandResult(['check', ...placeOf(world)]);
    assert.equal(check.status, 0, check.out + check.error);
    for (const one of kept) {
      const found = isOk(await appointment(one), 200);
      assert.equal(found.starts_at, one.starts_at);
    }
    assert.equal((await appointment(kept[0])).body.status, 'booked');
    for (const one of lost) assert.equal((await appointment(one)).status, 404, 'it came after the moment');
    await hold(people[5]);
  });
});
