// Files of treatments: asked for, made in the background, given out by a link that ends and is good for one person.
// Each file is read by a reader of the test's own: CSV as RFC 4180 says, spreadsheets by unpacking them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';
import { csvRows, spreadsheetRows } from '../lib/tables.mjs';

const complaint = '=HYPERLINK("http://evil.example","click")';
const notes = 'Lungs clear, "quite" well\nतीन दिन बाद दिखाएँ';

onEachEngine('exports', (engine) => {
  let world, doctor, doctorId, admin, platform, hospital, patient, other, visit;
  const call = async (status, ...args) => isOk(await world.api(...args), status);

  const treated = async (person) => {
    const [slot] = await world.slots(doctorId, { soonest: 60_000 });
    const wish = { doctor_id: doctorId, starts_at: slot.starts_at, patient_id: person.id };
    const desk = await world.staff('front_desk');
    const { id } = await call(201, 'POST', '/api/appointments', wish, desk);
    await call(200, 'PUT', `/api/doctor/appointments/${id}`, { status: 'arrived' }, doctor);
    const diagnoses = [{ words: 'Cough', kind: 'primary' }];
    await call(200, 'POST', `/api/treatments/${id}`, { complaint, notes, diagnoses, close: true }, doctor);
    return id;
  };
  const ask = async (token, body) => call(202, 'POST', '/api/export/treatments', body, token);
  const done = async (token, body) => {
    const { id } = await ask(token, body);
    return world.until(`/api/exports/${id}`, token, ({ status }) => status === 'done');
  };
  const file = async (made, token) => {
    const reply = await world.api('GET', made.url, undefined, token);
    assert.equal(reply.status, 200, reply.text);
    return reply;
  };
  const rowsOf = (rows) => {
    const [heading, ...others] = rows;
    return others.map((cells) => Object.fromEntries(heading.map((name, i) => [name, cells[i]])));
  };

  before(async () => {
    world = await start({ engine });
    ({ doctor_id: doctorId, hospital_id: hospital } = {
      ...world.logins.find((entry) => entry.role === 'doctor'),
      hospital_id: world.logins.find((entry) => entry.role === 'front_desk').hospital_id,
    });
    await world.schedule(doctorId, { starts: '00:00', ends: '24:00', slot_minutes: 5, hospital_id: hospital });
    doctor = await world.staff('doctor');
    admin = await world.staff('hospital_admin');
    platform = await world.staff('platform_admin');
    patient = await world.patient('Asha "The Voice", Rao');
    other = await world.patient();
    visit = await treated(patient);
    await treated(other);
  });
  after(() => world?.stop());

  test('is asked for, counted, made and given out: a file that no spreadsheet runs', async () => {
    const reply = await world.api('POST', '/api/export/treatments', { format: 'csv' }, doctor);
    const asked = isOk(reply, 202);
    assert.equal(reply.headers.location, `/api/exports/${asked.id}`);
    assert.deepEqual([asked.status, asked.done, asked.url], ['queued', 0, undefined]);
    const made = await world.until(`/api/exports/${asked.id}`, doctor, ({ status }) => status === 'done');
    assert.equal(made.done, made.total);
    assert.ok(Date.parse(made.expires_at) > Date.now());
    const { bytes, headers } = await file(made, doctor);
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8');
    assert.match(headers['content-disposition'], /^attachment; filename="treatments-\d+\.csv"$/);
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'a byte order mark, so that spreadsheets read it');
    const rows = rowsOf(csvRows(bytes.subarray(3).toString('utf8')));
    assert.equal(rows.length, made.total);
    const row = rows.find(({ patient_id }) => patient_id === String(patient.id));
    assert.equal(row.complaint, `'${complaint}`, 'no formula');
    assert.equal(row.notes, notes);
    assert.equal(row.patient, 'Asha "The Voice", Rao');
    assert.equal(row.diagnoses, 'Cough');
    const list = await call(200, 'GET', '/api/exports', undefined, doctor);
    assert.equal(list.items[0].id, asked.id);
  });

  test('is a spreadsheet of the same rows', async () => {
    const made = await done(admin, { format: 'xlsx' });
    const { bytes, headers } = await file(made, admin);
    assert.equal(headers['content-type'], 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
    const rows = rowsOf(spreadsheetRows(bytes));
    assert.equal(rows.length, made.total);
    const row = rows.find(({ patient_id }) => patient_id === String(patient.id));
    assert.equal(row.complaint, complaint, 'text as it is: a cell of text is never run');
    assert.equal(row.notes, notes);
    const csv = await file(await done(admin, { format: 'csv' }), admin);
    const unescaped = rowsOf(csvRows(csv.bytes.subarray(3).toString('utf8'))).map((one) => ({
      ...one,
      complaint: one.complaint.replace(/^'/, ''),
    }));
    assert.deepEqual(rows, unescaped);
  });

  test('holds what the asker may see: own, own patients, own hospital, all', async () => {
    const rows = async (token, body = {}) => {
      const { bytes } = await file(await done(token, { format: 'csv', ...body }), token);
      return rowsOf(csvRows(bytes.subarray(3).toString('utf8')));
    };
    const own = await rows(patient.token);
    assert.deepEqual(
      own.map(({ patient_id }) => patient_id),
      [String(patient.id)],
    );
    const child = await call(201, 'POST', '/api/me/family', { name: 'Small One', relation: 'child' }, other.token);
    await treated(child);
    const family = (await rows(other.token)).map(({ patient_id }) => patient_id);
    assert.deepEqual(new Set(family), new Set([String(other.id), String(child.id)]));
    const here = await rows(admin);
    const name = (await call(200, 'GET', `/api/hospitals/${hospital}`)).name;
    assert.ok(here.every((row) => row.hospital === name));
    assert.ok((await rows(platform)).length >= here.length);
    assert.deepEqual(await rows(platform, { hospital_id: hospital }), here);
    assert.equal((await rows(admin, { from_on: '2001-01-01', to_on: '2001-01-31' })).length, 0);
    const today = here.find(({ visit_id }) => here.length && visit_id).starts_at.slice(0, 10);
    assert.ok((await rows(admin, { from_on: today, to_on: today })).every((row) => row.starts_at.startsWith(today)));
  });

  test('is for who asked, by a link that cannot be made up', async () => {
    const made = await done(patient.token, { format: 'csv' });
    const target = `/api/exports/${made.id}`;
    for (const token of [other.token, doctor, admin, platform]) {
      isProblem(await world.api('GET', target, undefined, token), 404, 'reporting.export_not_found');
      isProblem(await world.api('GET', made.url, undefined, token), 404, 'reporting.export_not_found');
    }
    isProblem(await world.api('GET', made.url, undefined, undefined), 401);
    isProblem(await world.api('GET', `${target}/file`, undefined, patient.token), 422);
    const key = made.url.split('key=')[1];
    const [until, seal] = key.split('.');
    const lasts = Number(until) - Date.now();
    assert.ok(lasts > 0 && lasts <= 15 * 60_000, `${lasts} ms`);
    for (const forged of [
      `${Number(until) + 1}.${seal}`,
      `${until}.`,
      `.${seal}`,
      'x',
      `${until}.${seal}x`,
      `1.${seal}`,
    ])
      isProblem(
        await world.api('GET', `${target}/file?key=${forged}`, undefined, patient.token),
        403,
        'reporting.link_expired',
      );
    const second = await done(patient.token, { format: 'csv' });
    isProblem(
      await world.api('GET', `/api/exports/${second.id}/file?key=${key}`, undefined, patient.token),
      403,
      'reporting.link_expired',
    );
  });

  test('is refused where it asks for what is not there or not theirs', async () => {
    const refused = async (status, code, token, body) =>
      isProblem(await world.api('POST', '/api/export/treatments', { format: 'csv', ...body }, token), status, code);
    await refused(401, undefined, undefined, {});
    await refused(403, undefined, await world.staff('front_desk'), {});
    await refused(404, 'reporting.hospital_not_found', admin, { hospital_id: 987654 });
    await refused(404, 'reporting.hospital_not_found', platform, { hospital_id: 987654 });
    await refused(422, 'reporting.range_invalid', admin, { from_on: '2026-02-02', to_on: '2026-02-01' });
    await refused(422, undefined, admin, { format: 'pdf' });
    isProblem(await world.api('GET', '/api/exports/987654', undefined, admin), 404, 'reporting.export_not_found');
    isProblem(await world.api('GET', '/api/exports?cursor=x', undefined, admin), 422, 'reporting.list_invalid');
  });

  test('is a look at the record, which its patient sees', async () => {
    const { items } = await call(200, 'GET', '/api/me/record-accesses', undefined, patient.token);
    const said = JSON.stringify(items);
    assert.match(said, /export_create/, said);
    assert.match(said, /export_file_get/, said);
    assert.ok(visit);
  });
});
