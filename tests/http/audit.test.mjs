// The record of who did what to whom, as an administrator reads and proves it with the commands, beside the server.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isOk } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

onEachEngine('audit', (engine) => {
  let world, patient, admin, hold;
  const audit = (...args) =>
    commandResult(['audit', ...args, `--database.url=${world.url}`, `--data.folder=${world.data}`]);
  const shown = (...args) => {
    const result = audit('show', ...args);
    assert.equal(result.status, 0, result.error);
    return result.out.split('\n').filter(Boolean).map(JSON.parse);
  };
  const change = (sqlite, postgres) =>
    engine === 'sqlite'
      ? execFileSync('sqlite3', ['-bail', path.join(world.data, 'fairward.db')], { input: `${sqlite};\n` })
      : psql(world.url, `SET session_replication_role = replica; ${postgres};`);

  before(async () => {
    world = await start({ engine });
    patient = await world.patient();
    admin = await world.staff('platform_admin');
    const [doctor] = (await world.api('GET', '/api/doctors?limit=1')).body.items;
    const [slot] = await world.slots(doctor.id, { soonest: 3_600_000 });
    const body = { doctor_id: doctor.id, starts_at: slot.starts_at, reason: 'A rash that nobody may see' };
    hold = isOk(await world.api('POST', '/api/holds', body, patient.token, { 'idempotency-key': 'k1' }), 201);
    isOk(await world.api('POST', '/api/holds', body, patient.token, { 'idempotency-key': 'k1' }), 201); // once more
    assert.equal((await world.api('POST', '/api/holds', body, patient.token)).status, 409); // changes nothing
  });
  after(() => world?.stop());

  test('says of a patient who did what, once, and nothing of what is written there', () => {
    const lines = shown('--patient', String(patient.id));
    const deeds = lines.map((line) => `${line.role} ${line.did} ${line.on}`);
    assert.deepEqual(deeds, [
      `anyone registration_create /api/users/${patient.id}`,
      `patient hold_create /api/holds/${hold.id}`,
    ]);
    for (const line of lines) {
      assert.deepEqual(line.of, [patient.id]);
      assert.equal(line.from, '127.0.0.1');
      assert.ok(Math.abs(Date.parse(line.at) - Date.now()) < 60_000);
    }
    const all = audit('show').out;
    assert.doesNotMatch(all, /rash|Patient 1|example\.org|correct horse/);
  });

  test('has who reads about somebody else before the answer leaves, not who reads about oneself', async () => {
    const before = shown('--patient', String(patient.id)).length;
    isOk(await world.api('GET', `/api/appointments/${hold.id}`, undefined, patient.token), 200);
    isOk(await world.api('GET', `/api/appointments/${hold.id}`, undefined, admin), 200);
    const list = isOk(await world.api('GET', `/api/appointments?patient_id=${patient.id}`, undefined, admin), 200);
    assert.equal(list.items.length, 1);
    const users = isOk(await world.api('GET', `/api/users?q=p1.${world.tag}`, undefined, admin), 200);
    assert.equal(users.items.length, 1);
    const added = shown('--patient', String(patient.id)).slice(before);
    assert.deepEqual(
      added.map((line) => [line.role, line.did, line.on]),
      [
        ['platform_admin', 'appointment_get', `/api/appointments/${hold.id}`],
        ['platform_admin', 'appointment_list', '/api/appointments'],
        ['platform_admin', 'user_list', '/api/users'],
      ],
    );
    const mine = shown('--user', String(added[0].user));
    assert.ok(mine.some((line) => line.did === 'appointment_get'));
    assert.ok(mine.every((line) => line.user === added[0].user));
  });

  test('has what the operator and the product itself did', async () => {
    const login = ['--role', 'patient', '--login', 'operator.added@example.org', '--name', 'Someone'];
    const places = [`--database.url=${world.url}`, `--data.folder=${world.data}`];
    assert.equal(commandResult(['user', 'add', ...login, ...places]).status, 0);
    isOk(await world.api('POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, patient.token), 202);
    await world.until(`/api/appointments/${hold.id}`, patient.token, (body) => body.status === 'booked');
    const all = shown();
    assert.ok(all.some((line) => line.events?.some((event) => event.startsWith('identity.user_added user/'))));
    const settled = all.find((line) => line.did === 'payment_webhook');
    assert.deepEqual([settled.role, settled.of], ['system', [patient.id]]);
  });

  test('is proved with its key, and its ends are kept outside the database', async () => {
    const good = audit('verify');
    assert.equal(good.status, 0, good.error);
    assert.match(good.out, /^\d+ deeds in \d+ blocks of \d+ chains, every seal is right$/m);
    const file = path.join(world.data, 'audit-anchor.json');
    assert.ok(JSON.parse(fs.readFileSync(file, 'utf8')).heads.length > 0);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const stranger = path.join(world.folder, 'stranger');
    fs.mkdirSync(stranger);
    const keyless = commandResult(['audit', 'verify', `--database.url=${world.url}`, `--data.folder=${stranger}`]);
    assert.equal(keyless.status, 3);
    assert.match(keyless.error, /key of the record is not known/);
    fs.writeFileSync(path.join(stranger, 'signing.key'), `${'A'.repeat(43)}\n`);
    const other = commandResult(['audit', 'verify', `--database.url=${world.url}`, `--data.folder=${stranger}`]);
    assert.equal(other.status, 1);
    assert.match(other.error, /sealed with a key that is not known/);
  });

  test('what is cut off, or changed, is found', () => {
    const anchor = path.join(world.folder, 'anchor.json');
    const printed = audit('anchor');
    assert.equal(printed.status, 0, printed.error);
    fs.writeFileSync(anchor, printed.out);
    assert.equal(audit('verify', '--anchor', anchor).status, 0);
    const newest = JSON.parse(printed.out).heads.at(-1);
    const cut = `DELETE FROM platform_audit_block WHERE chain_id = ${newest.chain} AND number = ${newest.number}`;
    change(`DROP TRIGGER platform_audit_block_remains; ${cut}`, cut);
    const found = audit('verify', '--anchor', anchor);
    assert.equal(found.status, 1);
    assert.match(found.error, new RegExp(`^chain ${newest.chain} block ${newest.number}: is missing`, 'm'));
    const edit = `UPDATE platform_audit_block SET entries = replace(entries, 'hold_create', 'hold_delete')`;
    change(`DROP TRIGGER platform_audit_block_stays; ${edit}`, edit);
    const edited = audit('verify');
    assert.equal(edited.status, 1);
    assert.match(edited.error, /^chain \d+ block \d+: is not as it was sealed$/m);
  });
});
