// Two nodes behind PgBouncer in transaction mode, with the configuration of deploy/postgres-ha: 16 connections share
// three sessions, and everything goes as without it. The control: without database.pooled it does not.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd, invariants } from '../lib/bookings.mjs';
import { pooled, randomFrom } from '../lib/client.mjs';
import { fillTemplates } from '../lib/database_cluster.mjs';
import { assertMoneyReconciles } from '../lib/fairness.mjs';
import { startPooler } from '../lib/pooler.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { freePort, start } from '../lib/server.mjs';

const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const sessions = 3;
const listeners = 2; // a session of its own for each node, not through the pooler
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

describe('pooler', () => {
  let folder, postgres, pooler, direct, url, world;
  const settings = { 'database.pooled': true };

  const psql = (sql) =>
    execFileSync('psql', ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', direct], {
      encoding: 'utf8',
      input: sql,
    })
      .trim()
      .split('\n')
      .filter(Boolean);

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-pooler-'));
    fs.chmodSync(folder, 0o755);
    postgres = await startPostgres();
    direct = postgres.url();
    const home = path.join(folder, 'rendered');
    fillTemplates(home, 1, { POOLER_PORT: await freePort() });
    const { pathname, searchParams } = new URL(direct.replace('postgresql:///', 'postgresql://x/'));
    const database = `host=${searchParams.get('host')} port=5432 dbname=${pathname.slice(1)}`;
    pooler = await startPooler(home, { database, size: sessions });
    const password = /"fairward" "(.*)"/.exec(fs.readFileSync(path.join(home, 'userlist.txt'), 'utf8'))[1];
    url = `postgresql://fairward:${password}@127.0.0.1:${pooler.port}/fairward`;
    const each = [settings, settings].map((own) => ({ ...own, 'database.direct_url': direct }));
    world = await start({ engine: 'nodes', url, each, demoSettings: settings, sockets: 300 });
  });
  after(async () => {
    await world?.stop();
    await pooler?.stop();
    await postgres?.stop();
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
  });

  test('200 want one slot, one gets it', async () => {
    const doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
    const [slot] = await world.slots(doctor, { from: dateIn(2), to: dateIn(9) });
    const people = await pooled(Array.from({ length: 200 }), 16, () => world.patient());
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    const replies = await Promise.all(people.map(({ token }) => world.api('POST', '/api/holds', body, token)));
    const count = (status) => replies.filter((reply) => reply.status === status).length;
    assert.deepEqual([count(201), count(409)], [1, 199]);
  });

  test('a crowd holds, pays, books and releases at both nodes', async (t) => {
    const crowd = new Crowd(world, { random: randomFrom(seed), pauseMs: 5 });
    await crowd.gather(24);
    crowd.begin();
    let most = 0;
    for (let i = 0; i < 10; i++) {
      await sleep(400);
      most = Math.max(
        most,
        Number(psql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fairward'")) - listeners,
      );
    }
    await crowd.end();
    const lost = await crowd.lost();
    t.diagnostic(`seed ${seed}: ${crowd.told.size} bookings told; 16 connections shared ${most} sessions`);
    assert.deepEqual(lost, []);
    assert.deepEqual(crowd.faults, []);
    assert.equal(crowd.retries, 0);
    assert.ok(crowd.told.size > 50, 'there was load');
    assert.ok(most >= 1 && most <= sessions, `${most} sessions`);
    for (const [what, sql] of Object.entries(invariants)) assert.deepEqual(psql(sql), [], what);
    await assertMoneyReconciles(world, crowd.doctors);
  });

  test('control: a node that is not told of the pooler fails', async () => {
    let failures = 0;
    const node = await world.add({ 'database.direct_url': direct }).catch(() => undefined);
    if (!node) return;
    const calls = Array.from({ length: 100 }, () => ['GET', '/api/appointments/1']);
    await pooled(calls, 20, async ([method, target]) => {
      const reply = await node.api(method, target, undefined, await world.staff('platform_admin'));
      if (reply.status >= 500) failures++;
    });
    assert.ok(failures > 0, 'the pooler shares no sessions, so that the test proves nothing');
  });
});
