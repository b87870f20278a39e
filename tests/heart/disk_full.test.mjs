// Disk full: the database lies on a small file system of its own, which is filled to the last byte under load, again
// and again. Writes are refused in words, reads go on, writes work again by themselves when there is space, nothing
// acknowledged is lost and nothing refused is half there. Also: kill -9 while the disk is full.
// Only for SQLite: PostgreSQL's disk is not this program's. Needs the right to mount.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pooled, randomFrom } from '../lib/client.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { activeAppointments, allPages, assertNoOverlap } from '../lib/fairness.mjs';
import { start } from '../lib/server.mjs';

const rounds = Number(process.env.FAIRWARD_DISK_ROUNDS ?? 4);
const seed = Number(process.env.FAIRWARD_SEED ?? Date.now() % 1_000_000);
const megabytes = 480; // the reserve, the log of the database, which takes 128, and room for both to be copied
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

function mountSmallDisk() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'pipe' });
    return { folder };
  } catch (error) {
    fs.rmdirSync(folder);
    return { reason: `no file system may be mounted here: ${String(error.stderr ?? error).trim()}` };
  }
}
const disk = (process.env.FAIRWARD_ENGINES ?? 'sqlite').includes('sqlite')
  ? mountSmallDisk()
  : { reason: 'not SQLite' };

describe('disk full', { skip: disk.reason ?? false }, () => {
  let world, random, patients, doctors;
  const told = new Map(); // appointment id -> {patient, starts_at, status}
  const ballast = path.join(disk.folder ?? '', 'ballast');
  let keys = 0;

  before(async () => {
    random = randomFrom(seed);
    world = await start({
      dataFolder: path.join(disk.folder, 'data'),
      settings: { 'booking.hold_seconds': 600, 'database.reserve_megabytes': 160 },
    });
    doctors = (await world.api('GET', '/api/doctors?limit=3')).body.items.map((doctor) => doctor.id);
    for (const doctor of doctors) await world.schedule(doctor, { starts: '06:00', ends: '22:00', slot_minutes: 5 });
    patients = await pooled(Array.from({ length: 24 }), 8, () => world.patient());
  });
  after(async () => {
    try {
      await world?.stop();
    } finally {
      execFileSync('umount', [disk.folder]);
      fs.rmdirSync(disk.folder);
    }
  });

  // To the last byte: what SQLite could still append would be no full disk.
  const fill = () => {
    const file = fs.openSync(ballast, 'a');
    for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) {
      const bytes = Buffer.alloc(size, 1);
      try {
        for (;;) if (fs.writeSync(file, bytes) < size) break;
      } catch (error) {
        assert.equal(error.code, 'ENOSPC');
      }
    }
    fs.closeSync(file);
  };
  const free = () => fs.rmSync(ballast, { force: true });

  const isRefused = (reply) => {
    isProblem(reply, 503, 'server.unavailable');
    assert.ok(Number(reply.headers['retry-after']) >= 1, 'Retry-After');
  };

  const freeSlot = async () => {
    const doctor = doctors[Math.floor(random() * doctors.length)];
    const slots = await world.slots(doctor, { from: dateIn(2), to: dateIn(20) });
    return { doctor_id: doctor, starts_at: slots[Math.floor(random() * slots.length)].starts_at };
  };

  const hold = (patient, slot, key) =>
    world.api('POST', '/api/holds', slot, patient.token, { 'idempotency-key': key ?? `hold-${++keys}` });
  const note = (patient, reply) => {
    told.set(reply.body.id, { patient, starts_at: reply.body.starts_at, status: 'pending' });
    return reply.body.id;
  };
  const release = async (patient, id) => {
    const reply = await world.api('DELETE', `/api/holds/${id}`, undefined, patient.token);
    if (reply.status === 204) told.get(id).status = 'ended';
    return reply;
  };

  // Asks again until there is space.
  const released = async (patient, id) => {
    for (;;) {
      const reply = await release(patient, id);
      if (reply.status !== 503) return reply;
      await sleep(20);
    }
  };

  // Holds and releases until told to stop; answers how often it was refused. Asks again with the same key.
  const live = async (patient, isOver) => {
    let refused = 0;
    while (!isOver()) {
      const [slot, key] = [await freeSlot(), `hold-${++keys}`];
      let reply = await hold(patient, slot, key);
      for (; reply.status === 503; reply = await hold(patient, slot, key)) {
        isRefused(reply);
        refused++;
        await sleep(20);
      }
      if (reply.status === 409 && reply.body.code === 'booking.slot_taken') continue;
      const id = note(patient, { body: isOk(reply, 201) });
      let released = await release(patient, id);
      for (; released.status === 503; released = await release(patient, id)) {
        isRefused(released);
        refused++;
        await sleep(20);
      }
      isOk(released, 204);
    }
    return refused;
  };

  const readsGoOn = async (patient) => {
    for (const target of [
      '/health',
      '/api/doctors?limit=5',
      `/api/doctors/${doctors[0]}`,
      `/api/doctors/${doctors[0]}/slots`,
      '/api/cities',
      '/metrics',
    ])
      isOk(await world.api('GET', target), 200);
    isOk(await world.api('GET', '/api/appointments', undefined, patient.token), 200);
    isOk(await world.api('GET', '/api/me', undefined, patient.token), 200);
  };

  const verifyTold = () =>
    pooled([...told], 16, async ([id, { patient, starts_at, status }]) => {
      const found = isOk(await world.api('GET', `/api/appointments/${id}`, undefined, patient.token), 200);
      assert.equal(found.starts_at, starts_at);
      if (status === 'ended') assert.equal(found.status, 'cancelled');
      else assert.equal(found.status, 'pending');
    });

  test('every write is refused in words, reads go on, and writes come back by themselves', async (t) => {
    const [holder, other] = patients;
    const kept = note(holder, { body: isOk(await hold(holder, await freeSlot()), 201) });
    const slot = await freeSlot();
    // What the database had for its log it frees at the first refusal, at most once a second: that must be gone, too.
    for (let round = 0, inRow = 0; inRow < 3; round++) {
      assert.ok(round < 20, 'the disk is full');
      fill();
      const reply = await hold(other, slot, `full-${round}`);
      inRow = reply.status === 201 ? 0 : inRow + 1;
      if (reply.status === 201) isOk(await released(other, note(other, reply)), 204);
      else isRefused(reply);
      await sleep(1100);
    }
    fill();
    isRefused(await world.api('POST', `/api/holds/${kept}/payments`, { method: 'sandbox' }, holder.token));
    isRefused(await world.api('DELETE', `/api/holds/${kept}`, undefined, holder.token));
    isRefused(await world.api('POST', '/api/auth/login', { login: other.login, password: other.password }));
    await readsGoOn(holder);
    free();
    const freed = Date.now();
    let reply = await hold(other, slot, 'after');
    for (; reply.status === 503 && Date.now() - freed < 5000; reply = await hold(other, slot, 'after')) await sleep(10);
    isOk(reply, 201);
    t.diagnostic(`the first write ${Date.now() - freed} ms after there was space`);
    note(other, reply);
    for (const [id, { patient, status }] of told) if (status === 'pending') isOk(await release(patient, id), 204);
    await verifyTold();
  });

  test(`${rounds} times full and free again under load`, async (t) => {
    t.diagnostic(`seed ${seed}`);
    let isOver = false;
    const lives = patients.map((patient) => live(patient, () => isOver));
    for (let round = 0; round < rounds; round++) {
      await sleep(200 + random() * 300);
      fill();
      await sleep(200 + random() * 500);
      await readsGoOn(patients[0]);
      free();
    }
    await sleep(300);
    isOver = true;
    const refused = (await Promise.all(lives)).reduce((sum, count) => sum + count, 0);
    t.diagnostic(`${refused} writes refused, ${told.size} holds acknowledged`);
    assert.ok(refused > rounds, 'the disk was full');
    await verifyTold();
  });

  test('kill -9 while the disk is full', async () => {
    const [holder] = patients;
    note(holder, { body: isOk(await hold(holder, await freeSlot()), 201) });
    fill();
    // Pages of the log that are used again may still hold one.
    const last = await hold(patients[1], await freeSlot());
    if (last.status === 201) note(patients[1], last);
    else isRefused(last);
    await world.kill9();
    free();
    await world.restart();
    await verifyTold();
  });

  test('a disk that the log has filled is made free again, though nobody deletes a file', async (t) => {
    await world.restart(); // which begins a new log
    fill();
    fs.truncateSync(ballast, fs.statSync(ballast).size - (4 << 20));
    let [refused, since] = [0, 0];
    const until = Date.now() + 60_000;
    const isOver = () => since > 200 || Date.now() > until;
    const writes = async (patient) => {
      while (!isOver()) {
        const reply = await hold(patient, await freeSlot());
        if (reply.status === 503) {
          isRefused(reply);
          refused++;
          await sleep(20);
        }
        if (reply.status !== 201) continue;
        note(patient, reply);
        if (refused > 0) since++;
        while ((await release(patient, reply.body.id)).status === 503 && !isOver()) await sleep(20);
      }
    };
    await Promise.all(patients.map(writes));
    t.diagnostic(`${refused} writes refused, ${since} acknowledged since`);
    assert.ok(refused > 0, 'the disk was full');
    assert.ok(since > 200, 'writes came back');
    free();
    await verifyTold();
  });

  test('nothing refused is there, and the file is sound', async () => {
    const token = await world.staff('platform_admin');
    for (const doctor of doctors) {
      // Not the demo's visits, which are of days past.
      const made = `/api/appointments?doctor_id=${doctor}&from=${dateIn(1)}&limit=100`;
      for (const row of await allPages(world, made, token))
        assert.ok(told.has(row.id), `nobody was told of appointment ${row.id}`);
      assertNoOverlap(await activeAppointments(world, doctor));
    }
    await world.kill9();
    const file = path.join(disk.folder, 'data/fairward.db');
    const said = execFileSync('sqlite3', [file, 'PRAGMA integrity_check; PRAGMA foreign_key_check'], {
      encoding: 'utf8',
    });
    assert.equal(said.trim(), 'ok');
    await world.restart();
  });
});
