// Files of patients: what is taken, who may add and who may read, and that no browser opens them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eicar, startClamd } from '../lib/clamd.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), crypto.randomBytes(700_000)]);

onEachEngine('documents', (engine) => {
  let world, patient, stranger, doctor, desk, admin;
  const add = (who, id, raw, { name = 'Report.pdf', type = 'application/octet-stream', query = '' } = {}) =>
    world.client.request('POST', `/api/patients/${id}/documents?name=${encodeURIComponent(name)}${query}`, {
      raw,
      token: who,
      headers: { 'content-type': type },
    });
  const get = (who, target) => world.api('GET', target, undefined, who);

  before(async () => {
    world = await start({ engine });
    [patient, stranger] = [await world.patient(), await world.patient()];
    doctor = await world.staff('doctor');
    desk = await world.staff('front_desk');
    admin = await world.staff('hospital_admin');
  });
  after(() => world?.stop());

  test('a file comes back byte by byte, as an attachment', async () => {
    const added = isOk(
      await add(patient.token, patient.id, pdf, { name: 'Bericht \u00fc "1".pdf', query: '&kind=report' }),
      201,
    );
    assert.deepEqual([added.media_type, added.bytes, added.kind], ['application/pdf', pdf.length, 'report']);
    const file = await get(patient.token, `/api/documents/${added.id}`);
    assert.equal(file.status, 200);
    assert.ok(file.bytes.equals(pdf));
    assert.equal(file.headers['content-type'], 'application/pdf');
    assert.equal(file.headers['x-content-type-options'], 'nosniff');
    assert.match(file.headers['content-security-policy'], /^sandbox/);
    assert.match(
      file.headers['content-disposition'],
      /^attachment; filename="Bericht_[_]+1_\.pdf"; filename\*=UTF-8''Bericht%20%C3%BC%20%221%22\.pdf$/,
    );
    const again = isOk(await add(patient.token, patient.id, pdf, { name: 'Other name.pdf' }), 201);
    assert.equal(again.id, added.id, 'the same bytes are the same document');
    const list = isOk(await get(patient.token, `/api/patients/${patient.id}/documents`), 200);
    assert.deepEqual(
      list.items.map(({ id }) => id),
      [added.id],
    );
    isProblem(await get(stranger.token, `/api/documents/${added.id}`), 404, 'records.document_not_found');
    isProblem(await get(stranger.token, `/api/patients/${patient.id}/documents`), 404, 'records.patient_not_found');
    isProblem(await get(doctor, `/api/documents/${added.id}`), 404, 'records.document_not_found');
    isProblem(await get(desk, `/api/documents/${added.id}`), 403);
  });

  test('what it is is told by its bytes', async () => {
    const refused = [
      ['<html><script>alert(1)</script></html>', 'text/html'],
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/png'],
      [Buffer.from('MZ\x90\x00', 'latin1'), 'application/pdf'],
      ['PK\x03\x04', 'application/octet-stream'],
      ['{"json":1}', 'application/json'],
      [pdf, 'image/png'],
    ];
    for (const [raw, type] of refused)
      isProblem(await add(patient.token, patient.id, raw, { type }), 415, 'records.document_type');
    isProblem(await add(patient.token, patient.id, ''), 422, 'records.document_empty');
    isProblem(await add(patient.token, patient.id, Buffer.alloc(1_100_000, 'a')), 413);
    isProblem(await add(patient.token, patient.id, 'words', { query: '&kind=secret' }), 422);
    isProblem(await add(patient.token, patient.id, 'words', { name: '' }), 422);
    isProblem(await add(patient.token, stranger.id, 'words'), 404, 'records.patient_not_found');
    isProblem(await add(undefined, patient.id, 'words'), 401);
    isProblem(await add(doctor, patient.id, 'words'), 404, 'records.patient_not_found');
  });

  test('where a virus scanner is set, nothing is kept that it has not called clean', async () => {
    const clamd = await startClamd();
    const settings = { 'records.scanner': clamd.address, 'records.scanner_seconds_max': 1 };
    const guarded = await start({ engine, settings });
    try {
      const owner = await guarded.patient();
      const put = (raw, name) =>
        guarded.client.request('POST', `/api/patients/${owner.id}/documents?name=${name}`, {
          raw,
          token: owner.token,
          headers: { 'content-type': 'application/octet-stream' },
        });
      const clean = isOk(await put(pdf, 'clean.pdf'), 201);
      assert.ok(clamd.seen.at(-1).equals(pdf), 'it was shown the whole file');
      isProblem(await put(`Dear doctor ${eicar}`, 'letter.txt'), 422, 'records.document_infected');
      isProblem(await put('<html>', 'page.html'), 415, 'records.document_type');
      assert.equal(clamd.seen.length, 2, 'what is not taken anyway is not shown');
      await clamd.stop();
      const reply = await put('words', 'words.txt');
      isProblem(reply, 503, 'records.document_unscanned');
      const { items } = isOk(
        await guarded.api('GET', `/api/patients/${owner.id}/documents`, undefined, owner.token),
        200,
      );
      assert.deepEqual(
        items.map(({ id }) => id),
        [clean.id],
      );
      const log = readFileSync(guarded.server.log, 'utf8');
      assert.match(log, /infected file was refused.*Eicar-Signature/);
      assert.doesNotMatch(log, /letter\.txt/);
    } finally {
      await guarded.stop();
    }
  });

  test('the desk adds what it cannot read', async () => {
    const walkIn = isOk(await world.api('POST', '/api/patients', { name: 'Walk In' }, desk), 201);
    const added = isOk(await add(desk, walkIn.id, 'Letter of another hospital', { name: 'letter.txt' }), 201);
    isProblem(await add(desk, patient.id, 'words'), 404, 'records.patient_not_found');
    isProblem(await get(desk, `/api/documents/${added.id}`), 403);
    isProblem(await get(desk, `/api/patients/${walkIn.id}/documents`), 403);
    assert.equal((await get(admin, `/api/documents/${added.id}`)).text, 'Letter of another hospital');
  });
});
