// Patients with their history from FHIR bundles, by the command beside a running server, and as they are read
// afterwards. The 60 real bundles lie beside the repository; where they do not, that part is skipped and says so.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { isOk } from '../lib/expect.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const samples = path.resolve(import.meta.dirname, '../..', process.env.FAIRWARD_SAMPLES ?? '../shared/data');
const bundles = path.join(samples, 'synthea_r4_bundles_A');

onEachEngine('fhir import', (engine) => {
  let world, platform, admin, hospital;
  const run = (...args) =>
    commandResult(['import', 'fhir', ...args, `--database.url=${world.url}`, `--data.folder=${world.data}`]);
  const get = async (target, token = platform) => isOk(await world.api('GET', target, undefined, token), 200);

  before(async () => {
    world = await start({ engine });
    platform = await world.staff('platform_admin');
    admin = await world.staff('hospital_admin');
    hospital = world.logins.find((entry) => entry.role === 'hospital_admin').hospital_id;
  });
  after(() => world?.stop());

  test('a patient is brought once, for the hospital that brings it', async () => {
    const resource = (type, id, more) => ({ fullUrl: `urn:uuid:${id}`, resource: { resourceType: type, id, ...more } });
    const subject = { reference: 'urn:uuid:p1' };
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        resource('Patient', 'p1', { name: [{ family: 'Planted', given: ['Imported'] }], birthDate: '1970-01-01' }),
        resource('AllergyIntolerance', 'a1', {
          code: { text: 'Penicillin' },
          patient: subject,
          recordedDate: '2001-01-01',
          clinicalStatus: { coding: [{ code: 'active' }] },
        }),
        resource('Encounter', 'e1', { type: [{ text: 'Check-up' }], subject, period: { start: '2001-01-01' } }),
        resource('Claim', 'c1', {}),
      ],
    };
    const folder = path.join(world.folder, 'bundles');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'one.json.gz'), zlib.gzipSync(JSON.stringify(bundle)));
    const first = run(folder, '--hospital', String(hospital));
    assert.equal(first.status, 0, first.error);
    assert.match(first.out, /^1 files: 1 patients added, 0 known; 2 entries added, 0 known$/m);
    assert.match(first.out, /left out +1 {2}Claim: not mapped/);
    const second = run(folder, '--hospital', String(hospital));
    assert.match(second.out, /^1 files: 0 patients added, 1 known; 0 entries added, 2 known$/m);
    const found = await get('/api/patients?name=planted', admin);
    assert.equal(found.items.length, 1);
    const summary = await get(`/api/patients/${found.items[0].id}/summary`, admin);
    assert.deepEqual(
      summary.allergies.map(({ substance }) => substance),
      ['Penicillin'],
    );
    const timeline = await get(`/api/patients/${found.items[0].id}/timeline`, admin);
    assert.deepEqual(
      timeline.items.map(({ kind, title }) => `${kind} ${title}`),
      ['allergy Penicillin', 'history Check-up'],
    );
    fs.writeFileSync(path.join(folder, 'two.json'), '{"entry":[{"resource":');
    const damaged = run(folder);
    assert.equal(damaged.status, 1);
    assert.match(damaged.out, /1 files are damaged/);
    assert.equal(run(path.join(world.folder, 'nothing')).status, 1);
  });

  test('sixty real bundles', { skip: !fs.existsSync(bundles) && 'the real bundles are not here' }, async (t) => {
    const began = Date.now();
    const first = run(bundles);
    assert.equal(first.status, 0, first.error);
    t.diagnostic(`${first.out.trim()} in ${Date.now() - began} ms`);
    const [, added, entries] = /62 files: (\d+) patients added, 0 known; (\d+) entries added, 0 known/.exec(first.out);
    assert.equal(Number(added), 60);
    assert.ok(Number(entries) > 13_000, entries);
    const second = run(bundles);
    assert.match(
      second.out,
      new RegExp(`^62 files: 0 patients added, 60 known; 0 entries added, ${entries} known$`, 'm'),
    );
    const people = (await get('/api/patients?name=koepp&limit=5')).items;
    assert.ok(people.length >= 2);
    const timeline = await get(`/api/patients/${people[0].id}/timeline?limit=100`);
    assert.equal(timeline.items.length, 100);
    assert.ok(timeline.next);
    const check = commandResult(['check', `--database.url=${world.url}`, `--data.folder=${world.data}`]);
    assert.equal(check.status, 0, check.out + check.error);
  });
});
