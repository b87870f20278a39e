// Backups: made under load without stopping anybody, whole or not there, proved by restore --verify, and a server that
// starts on what was restored. Whatever is damaged, cut off, swapped or edited is found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { backup, backupsIn, eventually, manifestOf, partialsIn, placeOf, running, verify } from '../lib/backups.mjs';
import { pooled } from '../lib/client.mjs';
import { isOk } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { command, commandResult, flagsOf, onEachEngine, start } from '../lib/server.mjs';

const killRounds = process.env.FAIRWARD_LONG ? 100 : 8;
const canary = 'Zebulon Quagmire';

// A pg_dump that passes for one and does this.
function fakeDump(bin, lines) {
  const version = '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 15.4" && exit';
  fs.writeFileSync(path.join(bin, 'pg_dump'), ['#!/bin/sh', version, ...lines, ''].join('\n'), { mode: 0o755 });
}

onEachEngine('backup', (engine) => {
  let world, shelf, key, patients, doctors;
  const isSqlite = engine === 'sqlite';
  const folder = (name) => path.join(world.folder, name);

  before(async () => {
    world = await start({ engine, sockets: 200 });
    shelf = folder('backups');
    key = folder('backup.key');
    command(['backup', 'key', key]);
    doctors = (await world.api('GET', '/api/doctors?limit=30')).body.items.map((doctor) => doctor.id);
    patients = await pooled(Array.from({ length: 24 }), 8, () => world.patient());
    const body = { role: 'patient', name: canary, email: 'quagmire@example.org', password: 'correct horse battery' };
    isOk(await world.api('POST', '/api/auth/register', body), 201);
  });
  after(() => world?.stop());

  // The server's next start is on another database.
  const moveTo = ({ url, data }) => {
    Object.assign(world, { url, data });
    world.nodes[0].data = data;
  };

  // A crowd that takes slots and gives some back; `told` is what the server acknowledged, when.
  const crowd = () => {
    const told = [];
    let isOver = false;
    const lives = patients.map(async (patient, lane) => {
      for (let n = 0; !isOver; n++) {
        const doctor = doctors[(lane + n) % doctors.length];
        const slots = await world.slots(doctor, { soonest: 3_600_000 });
        if (!slots.length) continue;
        const slot = slots[Math.floor((lane * 7919 + n * 104_729) % slots.length)];
        const hold = { doctor_id: doctor, starts_at: slot.starts_at };
        const reply = await world.api('POST', '/api/holds', hold, patient.token);
        if (reply.status !== 201) continue;
        told.push({ id: reply.body.id, patient, starts_at: slot.starts_at, at: Date.now() });
        await world.api('DELETE', `/api/holds/${reply.body.id}`, undefined, patient.token);
      }
    });
    const end = () => {
      isOver = true;
      return Promise.all(lives);
    };
    return { told, end };
  };

  // Where a backup can be restored to, and the settings of a server on it.
  const freshPlace = (name) => {
    const data = folder(name);
    const url = isSqlite ? `sqlite:${data}/fairward.db` : world.postgres.url();
    return { into: isSqlite ? data : url, data, url };
  };

  test('made under load: what was acknowledged before is in it, and a server serves it', async (t) => {
    const load = crowd();
    await eventually('load', () => load.told.length > 50);
    const began = Date.now();
    const before = load.told.filter((one) => one.at < began);
    const made = await running(['backup', shelf, ...placeOf(world)]).ended;
    const ended = Date.now();
    await sleep(300);
    await load.end();
    assert.equal(made.status, 0, made.error);
    const during = load.told.filter((one) => one.at >= began && one.at <= ended);
    assert.ok(during.length > 0, 'people went on booking while it was made');
    t.diagnostic(`${before.length} acknowledged before, ${during.length} while it was made in ${ended - began} ms`);

    const proved = verify(world, shelf);
    assert.equal(proved.status, 0, proved.out + proved.error);
    assert.match(
      proved.out,
      /every invariant holds\naudit +\d+ deeds .*every seal is right\n[\s\S]*this backup is good/,
    );

    const place = freshPlace('restored');
    const restored = commandResult(['restore', shelf, '--into', place.into, `--data.folder=${place.data}`]);
    assert.equal(restored.status, 0, restored.out + restored.error);
    const wasServing = { url: world.url, data: world.data };
    await world.server.end('SIGTERM');
    moveTo({ url: place.url, data: place.data });
    await world.nodes[0].serve();
    const check = commandResult(['check', ...placeOf(world)]);
    assert.equal(check.status, 0, check.out + check.error);
    await pooled(before, 16, async ({ id, patient, starts_at }) => {
      const { token } = await login(patient);
      const found = isOk(await world.api('GET', `/api/appointments/${id}`, undefined, token), 200);
      assert.equal(found.starts_at, starts_at);
    });
    const { token } = await world.patient(); // the crowd's may have had a hold when it was made
    const [slot] = await world.slots(doctors[0], { soonest: 3_600_000 });
    const again = { doctor_id: doctors[0], starts_at: slot.starts_at };
    const hold = isOk(await world.api('POST', '/api/holds', again, token), 201);
    isOk(await world.api('DELETE', `/api/holds/${hold.id}`, undefined, token), 204);
    await world.server.end('SIGTERM');
    moveTo(wasServing);
    await world.nodes[0].serve();
  });

  // Another server has another signing key: whoever was signed in signs in again.
  const logins = new Map();
  const login = async (patient) => {
    const where = `${world.data} ${patient.login}`;
    if (!logins.has(where)) logins.set(where, world.login(patient.login, patient.password));
    return { token: await logins.get(where) };
  };

  test('sealed: nothing of a patient in the folder, and only its key opens it', () => {
    const sealed = folder('sealed');
    const made = backup(world, sealed, '--key-file', key);
    assert.equal(made.status, 0, made.error);
    const grep = (where) =>
      execFileSync('sh', ['-c', 'grep -rlaF "$1" "$2" || true', 'sh', canary, where], { encoding: 'utf8' });
    assert.equal(grep(sealed), '', 'the name is nowhere in the sealed backup');
    const plain = folder('plain');
    assert.equal(backup(world, plain).status, 0);
    if (isSqlite) assert.notEqual(grep(plain), '', 'control: it is in a plain one');

    assert.equal(verify(world, sealed, '--key-file', key).status, 0);
    assert.ok(manifestOf(backupsIn(sealed)[0]).files.some((file) => file.name === 'signing.key'));
    const without = verify(world, sealed);
    assert.equal(without.status, 3);
    assert.match(without.error, /sealed with the key [0-9a-f]{16}; name its file/);
    const other = folder('other.key');
    command(['backup', 'key', other]);
    const wrong = verify(world, sealed, '--key-file', other);
    assert.equal(wrong.status, 3);
    assert.match(wrong.error, /sealed with the key [0-9a-f]{16}, the given key is/);
    assert.equal(verify(world, sealed, '--key-file', folder('nothing.key')).status, 3);
    assert.equal(commandResult(['backup', 'key', key]).status, 1, 'a key is never overwritten');
    assert.equal(fs.statSync(key).mode & 0o777, 0o600);

    const place = freshPlace('unsealed');
    fs.mkdirSync(place.data);
    const into = ['--into', place.into, '--key-file', key, `--data.folder=${place.data}`];
    const restored = commandResult(['restore', sealed, ...into]);
    assert.equal(restored.status, 0, restored.out + restored.error);
    const signingKey = (data) => fs.readFileSync(path.join(data, 'signing.key'), 'utf8');
    assert.equal(signingKey(place.data), signingKey(world.data));
  });

  // Each is done to a copy; the control is that the copy was good before.
  const damages = {
    'a flipped byte': (at) => {
      const file = path.join(at, 'database');
      const bytes = fs.readFileSync(file);
      bytes[Math.floor(bytes.length / 2)] ^= 1;
      fs.writeFileSync(file, bytes);
    },
    'a file that is cut off': (at) => fs.truncateSync(path.join(at, 'database'), manifestOf(at).files[0].bytes - 1),
    'a file that is missing': (at) => fs.rmSync(path.join(at, 'database')),
    'something behind the end': (at) => fs.appendFileSync(path.join(at, 'database'), 'x'),
    'an edited manifest': (at) => {
      const file = path.join(at, 'manifest.json');
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/"rows":\d+/, '"rows":7'));
    },
    'a manifest that is cut off': (at) => fs.truncateSync(path.join(at, 'manifest.json'), 100),
    'no manifest': (at) => fs.rmSync(path.join(at, 'manifest.json')),
    'another seal': (at) => fs.writeFileSync(path.join(at, 'manifest.seal'), `${'0'.repeat(64)}\n`),
  };
  for (const isSealed of [false, true])
    test(`verify finds what is wrong with a ${isSealed ? 'sealed' : 'plain'} backup`, () => {
      const place = folder(isSealed ? 'damaged-sealed' : 'damaged-plain');
      const args = isSealed ? ['--key-file', key] : [];
      assert.equal(backup(world, place, ...args).status, 0);
      const [good] = backupsIn(place);
      assert.equal(verify(world, good, ...args).status, 0, 'the control');
      for (const [name, damage] of Object.entries(damages)) {
        const bad = folder('damaged');
        fs.cpSync(good, bad, { recursive: true });
        damage(bad);
        const found = verify(world, bad, ...args);
        assert.equal(found.status, 1, `${name}: ${found.out}${found.error}`);
        assert.doesNotMatch(found.out, /is good/);
        assert.match(found.error, /^fairward: \S/m, name);
        fs.rmSync(bad, { recursive: true });
      }
    });

  test('verify finds rows that are not those that were copied, though every hash was made anew', () => {
    const place = folder('forged');
    assert.equal(backup(world, place).status, 0);
    const [at] = backupsIn(place);
    const file = path.join(at, 'manifest.json');
    const forged = fs
      .readFileSync(file, 'utf8')
      .replace(/("name":"identity_user","rows":)(\d+)/, (_, head, rows) => head + (Number(rows) + 1));
    fs.writeFileSync(file, forged);
    const hash = execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64);
    fs.writeFileSync(path.join(at, 'manifest.seal'), `${hash}\n`);
    const found = verify(world, at);
    assert.equal(found.status, 1, found.out + found.error);
    assert.match(found.error, /identity_user has \d+ rows, it had \d+/);
  });

  test('verify finds a backup of a database whose invariants were broken, or whose record was changed', async () => {
    const breaks = [
      ['booking_schedule SET version = version', /BROKEN +booking\.schedule_version/],
      ['platform_audit_chain SET began_at = began_at', /the record of who did what is not as it was kept: chain \d/],
    ];
    const run = (text) =>
      isSqlite ? execFileSync('sqlite3', ['-bail', `${world.data}/fairward.db`, text]) : psql(world.url, `${text};`);
    await world.server.end('SIGTERM'); // a server takes the new versions for changes of its schedules
    for (const [number, [change]] of breaks.entries()) {
      run(`UPDATE ${change} + 1`);
      assert.equal(backup(world, folder(`unsound${number}`)).status, 0);
      run(`UPDATE ${change} - 1`);
    }
    await world.nodes[0].serve();
    for (const [number, [, says]] of breaks.entries()) {
      const found = verify(world, folder(`unsound${number}`));
      assert.equal(found.status, 1, found.out + found.error);
      assert.match(found.out + found.error, says);
    }
  });

  test('restore touches no database that a server has open', () => {
    const into = isSqlite ? world.data : world.url;
    const args = ['restore', shelf, '--into', into, '--replace', `--data.folder=${world.data}`];
    const refused = commandResult(args);
    assert.equal(refused.status, 1);
    assert.match(refused.error, /stop the server/);
    assert.equal(commandResult(['check', ...placeOf(world)]).status, 0);
  });

  test('restore overwrites nothing without being told, and then puts aside', async () => {
    const place = freshPlace('filled');
    const into = ['restore', shelf, '--into', place.into, `--data.folder=${place.data}`];
    assert.equal(commandResult(into).status, 0);
    const refused = commandResult(into);
    assert.equal(refused.status, 1);
    assert.match(refused.error, /--replace/);
    const replaced = commandResult([...into, '--replace']);
    assert.equal(replaced.status, 0, replaced.out + replaced.error);
    assert.match(replaced.out, /put aside/);
    assert.equal(
      commandResult(['check', ...flagsOf({ 'database.url': place.url, 'data.folder': place.data })]).status,
      0,
    );
    if (isSqlite) assert.ok(fs.readdirSync(place.data).some((name) => name.includes('before-restore')));
    else assert.match(psql(place.url, 'SELECT nspname FROM pg_namespace;'), /before_restore_/);
    // What was put aside is not copied again.
    if (!isSqlite) {
      const later = folder('later');
      assert.equal(
        commandResult(['backup', later, `--database.url=${place.url}`, `--data.folder=${place.data}`]).status,
        0,
      );
      assert.equal(verify(world, later).status, 0);
    }
    assert.equal(commandResult(['restore', shelf]).status, 2, 'neither --verify nor --into');
    assert.equal(commandResult(['restore', folder('nowhere'), '--verify']).status, 1);
    const otherEngine = isSqlite ? 'postgresql:///x?host=/nowhere' : folder('embedded');
    assert.equal(commandResult(['restore', shelf, '--into', otherEngine]).status, 1, 'a backup stays with its engine');
  });

  test('kill -9 in the middle leaves nothing that is taken for a backup', async (t) => {
    const place = folder('killed');
    let cut = 0;
    for (let round = 0; round < killRounds; round++) {
      const known = backupsIn(place).length;
      const making = running(['backup', place, '--key-file', key, ...placeOf(world)]);
      await sleep(5 + (round % 8) * (isSqlite ? 6 : 30));
      making.kill();
      await making.ended;
      if (backupsIn(place).length === known) cut++;
      for (const made of backupsIn(place)) {
        const proved = verify(world, made, '--key-file', key);
        assert.equal(proved.status, 0, proved.error);
      }
    }
    t.diagnostic(`${cut} of ${killRounds} were cut`);
    assert.ok(cut > 0, 'some were cut');
    const left = fs.readdirSync(world.data).filter((name) => name.endsWith('-copy'));
    assert.deepEqual(left, [], 'no plain copy lies about');
    assert.equal(backup(world, place, '--key-file', key).status, 0);
    assert.deepEqual(partialsIn(place), [], 'the next one clears up');
    assert.equal(verify(world, place, '--key-file', key).status, 0);
  });

  test('keeps the newest and the young, never removes the last good one', () => {
    const place = folder('kept');
    const thin = (last, days) =>
      backup(world, place, '--thin-out', `--backup.keep_last=${last}`, `--backup.keep_days=${days}`);
    for (let n = 0; n < 3; n++) assert.equal(backup(world, place).status, 0);
    assert.equal(thin(2, 30).status, 0);
    assert.equal(backupsIn(place).length, 4, 'all are young');
    assert.equal(thin(2, 0).status, 0);
    assert.equal(backupsIn(place).length, 2);
    const [first, second] = backupsIn(place);
    fs.truncateSync(path.join(second, 'database'), 10);
    assert.equal(thin(2, 0).status, 0);
    const kept = backupsIn(place);
    assert.ok(kept.includes(first), 'a damaged one does not count as one of the last');
    const listed = commandResult(['backup', 'list', place]).out.trim().split('\n');
    assert.deepEqual(
      listed.map((line) => line.split(' ')[0]),
      kept.map((one) => path.basename(one)),
    );
    assert.equal(commandResult(['backup', 'list', folder('nowhere')]).status, 1);
    for (const one of kept) assert.equal(verify(world, one).status, 0);
  });

  test('says what keeps it from making one', () => {
    const file = folder('a-file');
    fs.writeFileSync(file, '');
    assert.notEqual(backup(world, path.join(file, 'below')).status, 0);
    assert.equal(commandResult(['backup', ...placeOf(world)]).status, 2, 'no folder is named');
    const nowhere = isSqlite ? `sqlite:${folder('nothing.db')}` : 'postgresql:///x?host=/nowhere';
    assert.equal(commandResult(['backup', folder('none'), `--database.url=${nowhere}`]).status, 4);
    assert.deepEqual(backupsIn(folder('none')), []);
    assert.deepEqual(partialsIn(folder('none')), []);
    if (isSqlite) return;
    const bin = folder('bin');
    fs.mkdirSync(bin);
    const missing = backup(world, folder('none'), `--backup.postgres_bin=${bin}`);
    assert.equal(missing.status, 4);
    assert.match(missing.error, /pg_dump is missing; install postgresql-client-15/);
    fs.writeFileSync(path.join(bin, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 13.4"\n', { mode: 0o755 });
    const old = backup(world, folder('none'), `--backup.postgres_bin=${bin}`);
    assert.equal(old.status, 4);
    assert.match(old.error, /is of version 13, too old for the server's 15/);
    fakeDump(bin, ['echo half', 'echo "it broke" >&2', 'exit 1']);
    const broken = backup(world, folder('none'), `--backup.postgres_bin=${bin}`);
    assert.equal(broken.status, 4);
    assert.match(broken.error, /it broke/);
    assert.deepEqual(backupsIn(folder('none')), []);
  });

  if (!isSqlite)
    test('the password stands in no argument of a program', () => {
      const bin = folder('spy');
      fs.mkdirSync(bin);
      fakeDump(bin, [`echo "$@" > ${bin}/arguments`, `echo "$PGPASSWORD $PGUSER $PGDATABASE" > ${bin}/environment`]);
      const made = backup(world, folder('spied'), `--backup.postgres_bin=${bin}`, '--database.password=s3cret');
      assert.equal(made.status, 0, made.error);
      assert.doesNotMatch(fs.readFileSync(path.join(bin, 'arguments'), 'utf8'), /s3cret|host|postgresql:/);
      assert.match(fs.readFileSync(path.join(bin, 'environment'), 'utf8'), /^s3cret fairward fairward_1$/m);
    });
});
