// Who reaches a patient's record and who sees that: emergencies, the list of who looked, the index that it comes from;
// who is who: numbers, duplicates, merges and their undoing; codes of diagnoses.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../lib/backups.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const password = 'correct horse of another doctor';
// Real lists, beside the repository; what needs them is skipped, and says so, where they are not.
const samples = path.resolve(import.meta.dirname, '../..', process.env.FAIRWARD_SAMPLES ?? '../shared/data');

onEachEngine('rights to records', (engine) => {
  let world, doctor, doctorId, admin, desk, platform, hospital, visit, patient;
  let stranger, strangerAdmin; // a doctor and an administrator of another hospital
  const call = async (status, ...args) => isOk(await world.api(...args), status);
  const refused = async (status, code, ...args) => isProblem(await world.api(...args), status, code);
  const places = () => [`--database.url=${world.url}`, `--data.folder=${world.data}`];
  const seen = async (query = '', token = patient.token) =>
    call(200, 'GET', `/api/me/record-accesses${query}`, undefined, token);
  const change = (statement) =>
    engine === 'sqlite'
      ? execFileSync('sqlite3', ['-bail', path.join(world.data, 'fairward.db')], { input: `${statement};\n` })
      : psql(world.url, statement);

  before(async () => {
    world = await start({ engine, demo: { cities: 2, doctors: 12 } });
    doctorId = world.logins.find((entry) => entry.role === 'doctor').doctor_id;
    hospital = world.logins.find((entry) => entry.role === 'front_desk').hospital_id;
    doctor = await world.staff('doctor');
    admin = await world.staff('hospital_admin');
    desk = await world.staff('front_desk');
    platform = await world.staff('platform_admin');
    const doctors = (await call(200, 'GET', '/api/doctors?limit=30')).items;
    const other = doctors.find(({ practices }) => practices.every(({ hospital_id }) => hospital_id !== hospital));
    const elsewhere = other.practices[0].hospital_id;
    const add = async (role, login, more) => {
      await call(201, 'POST', '/api/users', { role, name: `The ${role}`, login, password, ...more }, platform);
      return world.login(login, password);
    };
    stranger = await add('doctor', 'stranger.doctor', { doctor_id: other.id });
    strangerAdmin = await add('hospital_admin', 'stranger.admin', { hospital_id: elsewhere });
    await world.schedule(doctorId, { starts: '00:00', ends: '24:00', slot_minutes: 5 });
    patient = await world.patient();
    const [slot] = await world.slots(doctorId, { soonest: 60_000 });
    const hold = await call(
      201,
      'POST',
      '/api/holds',
      { doctor_id: doctorId, starts_at: slot.starts_at },
      patient.token,
    );
    await call(202, 'POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, patient.token);
    await world.until(`/api/appointments/${hold.id}`, patient.token, ({ status }) => status === 'booked');
    visit = hold.id;
    await call(200, 'POST', `/api/treatments/${visit}`, { notes: 'Well', close: true }, doctor);
  });
  after(() => world?.stop());

  test('an emergency opens the record for a while, and everybody concerned sees it', async () => {
    const summary = `/api/patients/${patient.id}/summary`;
    const open = `/api/patients/${patient.id}/emergency-accesses`;
    await refused(404, 'records.patient_not_found', 'GET', summary, undefined, stranger);
    await refused(422, undefined, 'POST', open, { reason: 'short' }, stranger);
    await refused(
      404,
      'records.patient_not_found',
      'POST',
      '/api/patients/987654321/emergency-accesses',
      { reason: 'Unconscious in the hall' },
      stranger,
    );
    await refused(
      422,
      'records.hospital_not_yours',
      'POST',
      open,
      { reason: 'Unconscious in the hall', hospital_id: hospital },
      stranger,
    );
    await refused(409, 'records.emergency_not_needed', 'POST', open, { reason: 'Unconscious in the hall' }, doctor);
    const given = await call(201, 'POST', open, { reason: 'Unconscious in the hall', minutes: 10 }, stranger);
    assert.equal(Date.parse(given.expires_at) - Date.parse(given.granted_at), 600_000);
    assert.equal((await call(200, 'GET', summary, undefined, stranger)).patient.id, patient.id);
    assert.equal((await call(200, 'GET', `/api/treatments/${visit}`, undefined, stranger)).note.notes, 'Well');
    await refused(404, 'records.visit_not_found', 'POST', `/api/treatments/${visit}`, { notes: 'x' }, stranger);

    const list = (token, query = '') => call(200, 'GET', `/api/emergency-accesses${query}`, undefined, token);
    assert.deepEqual((await list(admin)).items, [], 'another hospital');
    assert.deepEqual(
      (await list(strangerAdmin, '?unreviewed=true')).items.map(({ reason }) => reason),
      ['Unconscious in the hall'],
    );
    const review = (token) =>
      world.api('PUT', `/api/emergency-accesses/${given.id}/review`, { justified: false, note: 'Ask first' }, token);
    isProblem(await review(admin), 404, 'records.emergency_not_found');
    assert.equal(isOk(await review(strangerAdmin), 200).justified, false);
    isProblem(await review(strangerAdmin), 409, 'records.emergency_reviewed');
    assert.deepEqual((await list(strangerAdmin, '?unreviewed=true')).items, []);
    await refused(422, 'records.list_invalid', 'GET', '/api/emergency-accesses', undefined, platform);

    const looks = (await seen()).items;
    const mine = looks
      .filter(({ purpose }) => purpose === 'emergency')
      .map(({ operation, role, name }) => [operation, role, name]);
    assert.deepEqual(
      mine,
      ['treatment_get', 'patient_summary_get', 'emergency_access_create'].map((one) => [one, 'doctor', 'The doctor']),
    );
    assert.match(looks.map(({ operation }) => operation).join(), /treatment_create/);
    assert.ok(!looks.some(({ role }) => role === 'patient'), 'not what one did oneself');

    const earlier = `UPDATE records_emergency_access
      SET granted_at = granted_at - 3600000, expires_at = expires_at - 3600000`;
    const unlock =
      engine === 'sqlite' ? 'DROP TRIGGER records_emergency_access_stays' : 'SET session_replication_role = replica';
    change(`${unlock}; ${earlier}`);
    await refused(404, 'records.patient_not_found', 'GET', summary, undefined, stranger);
    await refused(404, 'records.visit_not_found', 'GET', `/api/treatments/${visit}`, undefined, stranger);
  });

  test('who looked is listed page by page, to the patient alone, and proved', async () => {
    const whole = (await seen('?limit=100')).items;
    assert.ok(whole.length >= 4);
    const steps = [];
    for (let cursor = ''; cursor !== undefined; ) {
      const part = await seen(`?limit=2${cursor && `&cursor=${cursor}`}`);
      steps.push(...part.items);
      cursor = part.next;
    }
    assert.deepEqual(steps, whole);
    const other = await world.patient();
    assert.deepEqual((await seen('', other.token)).items, []);
    await refused(
      404,
      'records.patient_not_found',
      'GET',
      `/api/me/record-accesses?patient_id=${patient.id}`,
      undefined,
      other.token,
    );
    await refused(403, undefined, 'GET', '/api/me/record-accesses', undefined, doctor);
    const verify = () => commandResult(['audit', 'verify', ...places()]);
    assert.equal(verify().status, 0);
    change(`DELETE FROM platform_audit_patient WHERE patient_id = ${patient.id}`);
    const missing = verify();
    assert.equal(missing.status, 1);
    assert.match(missing.error, /is not in the index by patient: run fairward audit index/);
    assert.deepEqual((await seen()).items, []);
    const made = commandResult(['audit', 'index', ...places()]);
    assert.equal(made.status, 0, made.error);
    assert.equal(verify().status, 0);
    assert.deepEqual((await seen('?limit=100')).items, whole);
    change(
      `INSERT INTO platform_audit_patient (patient_id, at, chain_id, number)
        SELECT 4711, 1, id, 1 FROM platform_audit_chain`,
    );
    assert.match(verify().error, /has rows that the record does not/);
    assert.equal(commandResult(['audit', 'index', ...places()]).status, 0);
    assert.equal(verify().status, 0);
  });

  test('the desk knows who is who and nothing of the record; an administrator merges, and undoes it', async () => {
    const add = (name, more) => call(201, 'POST', '/api/patients', { name, ...more }, desk);
    const first = await add('Asha Rao', { phone: '98765 43210', birth_on: '1990-01-02' });
    const second = await add('Rao Aasha', { phone: '+91 98765 43210', birth_on: '1990-01-02' });
    const family = await add('Vikram Rao', { phone: '98765 43210', birth_on: '1962-05-05' });
    const duplicates = async (id, token = desk) =>
      (await call(200, 'GET', `/api/patients/${id}/duplicates`, undefined, token)).items;
    assert.deepEqual(
      (await duplicates(first.id)).map(({ patient }) => patient.id),
      [second.id],
    );
    assert.ok(!(await duplicates(family.id)).length);
    await refused(
      404,
      'records.patient_not_found',
      'GET',
      `/api/patients/${first.id}/duplicates`,
      undefined,
      strangerAdmin,
    );

    const target = `/api/patients/${first.id}/identifiers`;
    const mrn = await call(201, 'POST', target, { kind: 'mrn' }, desk);
    assert.match(mrn.value, new RegExp(`^${hospital}-00000\\d$`));
    const national = await call(201, 'POST', target, { kind: 'national', value: '1234 5678 9012' }, desk);
    await refused(
      409,
      'records.identifier_taken',
      'POST',
      `/api/patients/${second.id}/identifiers`,
      { kind: 'national', value: '123456789012' },
      desk,
    );
    for (const wrong of [{ kind: 'mrn', value: '77777' }, { kind: 'national' }, { kind: 'national', value: '- - -' }])
      await refused(422, 'records.identifier_invalid', 'POST', target, wrong, desk);
    await refused(
      404,
      'records.patient_not_found',
      'POST',
      target,
      { kind: 'national', value: '99999' },
      strangerAdmin,
    );
    await refused(403, undefined, 'DELETE', `${target}/${national.id}`, undefined, desk);
    await call(204, 'DELETE', `${target}/${national.id}`, undefined, admin);
    await refused(404, 'records.entry_not_found', 'DELETE', `${target}/${national.id}`, undefined, admin);
    const registration = (id, token = desk) => call(200, 'GET', `/api/patients/${id}/registration`, undefined, token);
    assert.deepEqual(
      (await registration(first.id)).identifiers.map(({ id }) => id),
      [mrn.id],
    );

    // The second one has a visit; after the merge it is the first one's.
    const [slot] = await world.slots(doctorId, { soonest: 60_000 });
    const wish = { doctor_id: doctorId, hospital_id: hospital, starts_at: slot.starts_at, patient_id: second.id };
    const appointment = await call(201, 'POST', '/api/appointments', wish, desk);
    await call(200, 'POST', `/api/treatments/${appointment.id}`, { notes: 'Well', close: true }, doctor);
    const visits = async (id) =>
      (await call(200, 'GET', `/api/patients/${id}/timeline`, undefined, doctor)).items.length;
    await refused(404, 'records.patient_not_found', 'GET', `/api/patients/${first.id}/timeline`, undefined, doctor);
    const merge = (id, merged_id, token = admin) =>
      world.api('POST', `/api/patients/${id}/merges`, { merged_id, reason: 'The same person' }, token);
    isProblem(await merge(first.id, second.id, desk), 403);
    isProblem(await merge(first.id, first.id), 409, 'records.merge_refused');
    isProblem(await merge(first.id, patient.id), 409, 'records.merge_refused');
    isProblem(await merge(first.id, second.id, strangerAdmin), 404, 'records.patient_not_found');
    const merged = isOk(await merge(first.id, second.id), 201);
    isProblem(await merge(first.id, second.id), 409, 'records.merge_refused');
    isProblem(await merge(second.id, family.id), 409, 'records.merge_refused');
    assert.deepEqual([await visits(first.id), await visits(second.id)], [1, 1]);
    assert.equal((await registration(second.id)).kept_id, first.id);
    assert.deepEqual(await duplicates(first.id), []);
    await refused(404, 'records.merge_not_found', 'DELETE', `/api/merges/${merged.id}`, undefined, strangerAdmin);
    await call(204, 'DELETE', `/api/merges/${merged.id}`, undefined, admin);
    await refused(404, 'records.merge_not_found', 'DELETE', `/api/merges/${merged.id}`, undefined, admin);
    await refused(404, 'records.patient_not_found', 'GET', `/api/patients/${first.id}/timeline`, undefined, doctor);
    assert.equal(await visits(second.id), 1);

    const treated = await call(200, 'GET', '/api/doctor/patients?limit=1', undefined, doctor);
    const rest = await call(200, 'GET', `/api/doctor/patients?cursor=${treated.next}`, undefined, doctor);
    const ids = [...treated.items, ...rest.items].map(({ id }) => id);
    assert.ok(ids.includes(patient.id) && ids.includes(second.id) && !ids.includes(first.id));
    const mine = treated.items.concat(rest.items).find(({ id }) => id === patient.id);
    assert.ok(mine.last_visit_at || mine.next_visit_at);
    const found = await call(
      200,
      'GET',
      `/api/doctor/patients?q=${encodeURIComponent(mine.name.toUpperCase())}`,
      undefined,
      doctor,
    );
    assert.ok(found.items.length > 0 && found.items.every(({ name }) => name.includes(mine.name)));
    assert.ok(found.items.some(({ id }) => id === patient.id));
    assert.deepEqual((await call(200, 'GET', '/api/doctor/patients?q=%25', undefined, doctor)).items, []);
    for (const target of [
      `/api/patients/${second.id}/summary`,
      `/api/treatments/${appointment.id}`,
      '/api/prescriptions',
    ])
      await refused(403, undefined, 'GET', target, undefined, desk);
  });

  test('codes are found as they are typed, and lists are imported beside the running server', async (t) => {
    const first = async (q) =>
      (await call(200, 'GET', `/api/diagnoses?q=${encodeURIComponent(q)}&limit=3`, undefined, doctor)).items[0];
    assert.equal((await first('diabtes nephropathy')).code, 'E11.21');
    assert.equal((await first('high blood pressure')).code, 'I10');
    assert.equal(await first('zzzzzzz'), undefined);
    await refused(401, undefined, 'GET', '/api/diagnoses?q=x');
    await refused(422, undefined, 'GET', '/api/diagnoses', undefined, doctor);
    const file = path.join(world.folder, 'codes.csv');
    fs.writeFileSync(file, 'code,description\nQ99.1,"Planted, for a test"\nI10,Essential (primary) hypertension\n');
    const once = commandResult(['import', 'icd10', file, ...places()]);
    assert.equal(once.status, 0, once.error);
    assert.match(once.out, /2 codes new or changed, 0 unchanged/);
    assert.match(commandResult(['import', 'icd10', file, ...places()]).out, /0 codes new or changed, 2 unchanged/);
    await eventually('the new list', async () => (await first('planted test'))?.code === 'Q99.1');
    assert.equal(commandResult(['import', 'icd10', path.join(world.folder, 'none'), ...places()]).status, 1);
    const data = path.join(samples, 'us_icd10cm_2024_partial');
    if (!fs.existsSync(data)) return t.diagnostic('skipped: the real list is not here');
    const real = commandResult(['import', 'icd10', data, ...places()]);
    assert.equal(real.status, 0, real.error);
    t.diagnostic(real.out.trim());
    await eventually('the whole list', async () => (await first('cholera'))?.code === 'A00');
    for (const [typed, code] of [
      ['m70962', 'M70.962'],
      ['tuberculosis of lung', 'A15.0'],
      ['choletra', 'A00'],
    ])
      assert.equal((await first(typed))?.code, code, typed);
  });
});
