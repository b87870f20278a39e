// Backups that the server makes by itself: the first at once, the next when it is due, one node of several, old ones
// go, and when none succeeds somebody is told.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { backup, backupsIn, eventually, partialsIn, verify } from '../lib/backups.mjs';
import { Client } from '../lib/client.mjs';
import { psql } from '../lib/postgres.mjs';
import { Child, command, flagsOf, freePort, onEachEngine, start } from '../lib/server.mjs';

onEachEngine('backup schedule', (engine) => {
  let world, shelf, key;
  const row = (text) =>
    engine === 'sqlite'
      ? execFileSync('sqlite3', ['-cmd', '.timeout 5000', `${world.data}/fairward.db`, text], { encoding: 'utf8' })
      : psql(world.url, `${text};`);
  // A backup is there a moment before its node says when the next is due.
  const isIdle = () => Number(row('SELECT claimed_until FROM platform_backup')) === 0;
  const makeDue = async () => {
    await eventually('nobody makes one', isIdle);
    row('UPDATE platform_backup SET due_at = 0');
  };
  const metric = async (name, client = world.client) => {
    const { text } = await client.request('GET', '/metrics');
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  };
  const log = () => fs.readFileSync(`${world.folder}/server.log`, 'utf8');

  before(async () => {
    world = await start({ engine });
    shelf = `${world.folder}/shelf`;
    key = `${world.folder}/backup.key`;
    command(['backup', 'key', key]);
    const settings = { 'backup.folder': shelf, 'backup.key_file': key, 'backup.keep_last': 2, 'backup.keep_days': 0 };
    world.options.settings = settings;
    await world.restart();
  });
  after(() => world?.stop());

  test('the first at once, the next when it is due, old ones go', async () => {
    await eventually('the first backup', () => backupsIn(shelf).length === 1);
    assert.equal(verify(world, shelf, '--key-file', key).status, 0);
    const good = await eventually('the metric', () => metric('fairward_backup_last_good_timestamp_seconds'));
    assert.ok(Math.abs(Date.now() / 1000 - good) < 60);
    assert.ok((await metric('fairward_backup_last_good_bytes')) > 10_000);
    await sleep(3000);
    assert.equal(backupsIn(shelf).length, 1, 'it is not due again');
    for (let n = 0; n < 2; n++) {
      const known = backupsIn(shelf);
      await makeDue();
      await eventually('another backup', () => backupsIn(shelf).some((one) => !known.includes(one)));
    }
    await eventually('the oldest goes', () => backupsIn(shelf).length === 2);
    assert.equal(verify(world, shelf, '--key-file', key).status, 0);
    await eventually('nobody makes one', isIdle);
    assert.ok(Number(row('SELECT due_at FROM platform_backup')) > Date.now() + 23 * 3_600_000, 'a day later');
  });

  test('one made by hand counts, too', async () => {
    const before = await metric('fairward_backup_last_good_timestamp_seconds');
    assert.equal(backup(world, `${world.folder}/by-hand`).status, 0);
    await eventually('the metric', async () => (await metric('fairward_backup_last_good_timestamp_seconds')) > before);
  });

  test('of several nodes one makes it', { skip: engine === 'sqlite' && 'one node' }, async () => {
    const nodes = [];
    for (let n = 0; n < 2; n++) {
      const port = await freePort();
      const args = ['serve', ...flagsOf({ ...world.nodes[0].settings, 'http.port': port })];
      nodes.push({ port, child: new Child(args, `${world.folder}/node${n}.log`, world.environment) });
    }
    try {
      for (const { port, child } of nodes) {
        const client = new Client(port);
        const isReady = () =>
          client.request('GET', '/ready').then(
            (reply) => reply.status === 200,
            () => false,
          );
        await eventually('a node', () => child.isRunning && isReady());
        client.close();
      }
      for (let n = 0; n < 3; n++) {
        const known = backupsIn(shelf);
        await makeDue();
        await eventually('another backup', () => backupsIn(shelf).some((one) => !known.includes(one)));
        await sleep(1000);
        assert.equal(backupsIn(shelf).filter((one) => !known.includes(one)).length, 1, 'by one node alone');
        assert.deepEqual(partialsIn(shelf), []);
      }
    } finally {
      for (const { child } of nodes) await child.end('SIGTERM');
    }
  });

  test('somebody is told when none succeeds, and when the last good one is too old', async () => {
    assert.deepEqual((await world.api('GET', '/health')).body, { status: 'ok' });
    assert.equal(await metric('fairward_backup_overdue'), 0);
    const known = backupsIn(shelf);
    // The folder is a file now: no backup succeeds.
    fs.renameSync(shelf, `${shelf}-away`);
    fs.writeFileSync(shelf, '');
    await eventually('nobody makes one', isIdle);
    row('UPDATE platform_backup SET due_at = 0, good_at = good_at - 49 * 3600000');
    await eventually('a failure', () => metric('fairward_backup_failures_total'));
    assert.match(log(), /"message":"backup failed"/);
    await eventually('overdue', () => metric('fairward_backup_overdue'));
    assert.match(log(), /"message":"the last good backup is too old","good_at":"[^"]+","hours":49,"last_failure":"\S/);
    const health = await world.api('GET', '/health');
    assert.deepEqual([health.status, health.body], [200, { status: 'ok', backup: 'overdue' }]);
    assert.equal((await world.api('GET', '/ready')).status, 200, 'and it serves all the same');
    const due = Number(row('SELECT due_at FROM platform_backup')) - Date.now();
    assert.ok(due > 0 && due < 16 * 60_000, 'it is tried again before long');
    fs.rmSync(shelf);
    fs.renameSync(`${shelf}-away`, shelf);
    await makeDue();
    await eventually('another backup', () => backupsIn(shelf).some((one) => !known.includes(one)));
    await eventually('not overdue', async () => (await metric('fairward_backup_overdue')) === 0);
    assert.deepEqual((await world.api('GET', '/health')).body, { status: 'ok' });
  });

  test('a key that cannot be read keeps the server from starting', () => {
    fs.writeFileSync(`${world.folder}/bad.key`, 'x');
    for (const file of ['bad.key', 'nothing.key']) {
      const args = ['serve', ...flagsOf({ ...world.nodes[0].settings, 'backup.key_file': `${world.folder}/${file}` })];
      assert.throws(
        () => command(args, { timeout: 10_000 }),
        (error) => error.status === 3,
      );
    }
  });
});
