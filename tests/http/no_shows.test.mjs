// Appointments kept elsewhere are imported, what cannot be taken is told, and the rates are those of the rows.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { isOk, isProblem } from '../lib/expect.mjs';
import { commandResult, flagsOf, onEachEngine, start } from '../lib/server.mjs';

const samples = path.resolve(import.meta.dirname, '../..', process.env.FAIRWARD_SAMPLES ?? '../shared/data');
const real = path.join(samples, 'br_medical_no_shows/split_dev_until_2016-05-16.csv.gz');
const sample = `PatientId,AppointmentID,Gender,ScheduledDay,AppointmentDay,Age,Neighbourhood,SMS_received,No-show
17,1,F,2016-04-29T18:38:08Z,2016-04-29T00:00:00Z,62,"JARDIM, DA PENHA",0,No
17,2,M,2016-04-27T18:38:08Z,2016-04-29T00:00:00Z,8,CENTRO,1,Yes
18,3,M,2016-04-27T10:00:00Z,2016-04-29T00:00:00Z,12,CENTRO,0,No
19,4,F,2016-03-01T10:00:00Z,2016-05-02T00:00:00Z,115,SÃO PEDRO,1,Yes
19,5,F,2016-05-03T10:00:00Z,2016-05-02T00:00:00Z,40,CENTRO,0,Yes
20,6,F,2016-05-02T10:00:00Z,2016-05-02T00:00:00Z,-1,CENTRO,0,No
21,7,F,2016-05-02T10:00:00Z,2016-05-02T00:00:00Z,40,CENTRO,0,perhaps
`;

onEachEngine('no-shows', (engine) => {
  let world, admin, platform, hospital;
  const shown = async (query, token = platform) =>
    isOk(await world.api('GET', `/api/admin/no-shows?${new URLSearchParams(query)}`, undefined, token), 200);
  const imported = (text, ...flags) => {
    const file = path.join(world.folder, 'past.csv.gz');
    fs.writeFileSync(file, zlib.gzipSync(text));
    return run(file, ...flags);
  };
  const run = (file, ...flags) =>
    commandResult([
      'import',
      'appointments',
      file,
      ...flags,
      ...flagsOf({ 'database.url': world.url, 'data.folder': world.data }),
    ]);

  before(async () => {
    world = await start({ engine });
    admin = await world.staff('hospital_admin');
    platform = await world.staff('platform_admin');
    hospital = isOk(await world.api('GET', '/api/me', undefined, admin), 200).hospital_id;
  });
  after(() => world?.stop());

  test('a file is taken once, whatever cannot be taken is told', () => {
    const first = imported(sample, '--hospital', String(hospital));
    assert.equal(first.status, 0, first.error);
    assert.match(first.out, /7 rows: 5 new or changed, 0 unchanged, 2 rejected/);
    assert.match(first.out, /column left out: PatientId\ncolumn left out: Gender\n/);
    assert.match(first.out, /1 ages left out/);
    const again = imported(sample, '--hospital', String(hospital));
    assert.match(again.out, /0 new or changed, 5 unchanged/);
    const better = imported(sample.replace('CENTRO,0,No', 'CENTRO,0,Yes').replace('perhaps', 'No'));
    assert.match(better.out, /6 new or changed/, 'of no hospital here');
    const changed = imported(sample.replace('perhaps', 'No'), '--hospital', String(hospital));
    assert.match(changed.out, /1 new or changed, 5 unchanged, 1 rejected/);
  });

  test('what cannot be read is refused', () => {
    assert.match(imported('a,b\n1,2\n').error, /no column says: appointment, booked, visit, missed/);
    assert.match(imported('').error, /empty/);
    assert.match(imported(sample, '--hospital', '987654').error, /no such hospital/);
    assert.equal(run(path.join(world.folder, 'nothing.csv')).status, 1);
  });

  test('the rates are those of the rows, of the own hospital', async () => {
    const own = await shown({ of: 'imported' }, admin);
    assert.deepEqual([own.visits, own.missed, own.per_mille], [6, 2, 333]);
    assert.deepEqual(own.reminded, { visits: 2, missed: 2, per_mille: 1000 });
    assert.deepEqual(own.unreminded, { visits: 4, missed: 0, per_mille: 0 });
    assert.deepEqual(
      own.by_lead.map(({ from_days, to_days, visits, missed }) => [from_days, to_days, visits, missed]),
      [
        [0, 0, 3, 0],
        [1, 3, 2, 1],
        [4, 7, 0, 0],
        [8, 14, 0, 0],
        [15, 30, 0, 0],
        [31, undefined, 1, 1],
      ],
    );
    assert.deepEqual(own.by_lead[1].reminded, { visits: 1, missed: 1, per_mille: 1000 });
    assert.deepEqual(own.by_weekday, [
      { weekday: 1, visits: 3, missed: 1, per_mille: 333 },
      { weekday: 5, visits: 3, missed: 1, per_mille: 333 },
    ]);
    assert.deepEqual(
      own.by_age.map(({ from_years, to_years, visits }) => [from_years, to_years, visits]),
      [
        [0, 9, 1],
        [10, 19, 1],
        [40, 49, 1],
        [60, 69, 1],
        [80, undefined, 1],
      ],
    );
    assert.deepEqual(own.by_area[0], { area: 'CENTRO', visits: 4, missed: 1, per_mille: 250 });
    assert.equal((await shown({ of: 'imported', hospital_id: hospital })).visits, 6);
    assert.equal((await shown({ of: 'imported' })).visits, 12, 'of all, those of nobody here included');
    assert.equal((await shown({ of: 'imported', from_on: '2016-05-01', to_on: '2016-05-02' }, admin)).visits, 3);
  });

  test('own visits count by the time between booking and visit', async () => {
    const { totals } = isOk(await world.api('GET', '/api/admin/stats', undefined, platform), 200);
    const own = await shown({});
    assert.equal(own.visits, totals.fulfilled + totals.no_shows);
    assert.equal(own.missed, totals.no_shows);
    assert.ok(own.visits > 0, 'the demo has some');
    assert.equal(
      own.by_lead.reduce((sum, { visits }) => sum + visits, 0),
      own.visits,
    );
    assert.deepEqual([own.by_weekday, own.by_age, own.by_area], [[], [], []]);
  });

  test('who may not is refused', async () => {
    const get = (token, query = '') => world.api('GET', `/api/admin/no-shows${query}`, undefined, token);
    isProblem(await get(undefined), 401);
    isProblem(await get(await world.staff('doctor')), 403);
    isProblem(await get(await world.staff('front_desk')), 403);
    isProblem(await get(admin, '?hospital_id=987654'), 404, 'reporting.hospital_not_found');
    isProblem(await get(admin, '?from_on=2026-02-01&to_on=2026-01-01'), 422, 'reporting.range_invalid');
    isProblem(await get(admin, '?of=imported&from_on=2026-02-01&to_on=2026-01-01'), 422, 'reporting.range_invalid');
    isProblem(await get(admin, '?of=theirs'), 422);
  });

  test('a real file', { skip: !fs.existsSync(real) && `no ${real}` }, async (t) => {
    const before = await shown({ of: 'imported' });
    const began = Date.now();
    const done = run(real);
    t.diagnostic(`${Date.now() - began} ms: ${done.out.split('\n').at(-2)}`);
    assert.equal(done.status, 0, done.error);
    assert.match(run(real).out, / 0 new or changed/);
    const [head, ...lines] = zlib.gunzipSync(fs.readFileSync(real)).toString('utf8').trim().split(/\r?\n/);
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i], cell])));
    const good = rows.filter((row) => row.ScheduledDay.slice(0, 10) <= row.AppointmentDay.slice(0, 10));
    const missed = good.filter((row) => row['No-show'] === 'Yes');
    const asked = Date.now();
    const all = await shown({ of: 'imported' });
    t.diagnostic(`${Date.now() - asked} ms, ${all.visits} visits, ${all.per_mille} of a thousand missed`);
    assert.equal(all.visits - before.visits, good.length);
    assert.equal(all.missed - before.missed, missed.length);
    assert.equal(
      all.reminded.visits - before.reminded.visits,
      good.filter(({ SMS_received }) => SMS_received === '1').length,
    );
  });
});
