// The visit and what comes of it, as doctor, patient and administrators see it: drafts, closing, corrections,
// prescriptions with their warnings, referrals, orders, allergies and problems, the timeline; and who sees none of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const nothing = 987654321;

onEachEngine('records', (engine) => {
  let world, doctor, doctorId, patient, stranger, admin, desk, visit;
  const call = async (status, ...args) => isOk(await world.api(...args), status);
  const refused = async (status, code, ...args) => isProblem(await world.api(...args), status, code);

  // A booked appointment of the patient within minutes, with the demo's doctor.
  const booked = async (person) => {
    const [slot] = await world.slots(doctorId, { soonest: 60_000 });
    const body = { doctor_id: doctorId, starts_at: slot.starts_at };
    const hold = await call(201, 'POST', '/api/holds', body, person.token);
    await call(202, 'POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, person.token);
    await world.until(`/api/appointments/${hold.id}`, person.token, ({ status }) => status === 'booked');
    return hold.id;
  };
  const page = (token = doctor, id = visit) => call(200, 'GET', `/api/treatments/${id}`, undefined, token);
  const save = (status, body, id = visit) => call(status, 'POST', `/api/treatments/${id}`, body, doctor);

  before(async () => {
    world = await start({ engine });
    doctorId = world.logins.find((entry) => entry.role === 'doctor').doctor_id;
    await world.schedule(doctorId, { starts: '00:00', ends: '24:00', slot_minutes: 5 });
    doctor = await world.staff('doctor');
    admin = await world.staff('hospital_admin');
    desk = await world.staff('front_desk');
    patient = await world.patient();
    stranger = await world.patient();
    visit = await booked(patient);
  });
  after(() => world?.stop());

  test('a visit begins with its doctor and shows everything at once', async () => {
    const empty = await page();
    assert.deepEqual([empty.status, empty.version, empty.can_write], ['none', 0, true]);
    assert.equal(empty.summary.patient.id, patient.id);
    assert.equal((await page(patient.token)).can_write, false);
    await refused(404, 'records.visit_not_found', 'GET', `/api/treatments/${visit}`, undefined, stranger.token);
    await refused(404, 'records.visit_not_found', 'GET', `/api/treatments/${nothing}`, undefined, doctor);
    await refused(403, undefined, 'GET', `/api/treatments/${visit}`, undefined, desk);
    await refused(403, undefined, 'POST', `/api/treatments/${visit}`, { notes: 'x' }, patient.token);
    const draft = await save(200, { complaint: 'Cough for a week', vitals: { temperature_c: 38.2, pulse: 88 } });
    assert.deepEqual([draft.status, draft.appointment_status, draft.note.number], ['open', 'arrived', 0]);
    assert.deepEqual(draft.note.vitals, { temperature_c: 38.2, pulse: 88 });
    const seen = await page(patient.token);
    assert.equal(seen.note, undefined, 'a draft is the doctor’s own');
    assert.equal(seen.status, 'open');
  });

  test('a draft is saved by who has read it', async () => {
    const { version } = await page();
    const put = (tag, body = { notes: 'Clear lungs' }) =>
      world.api('PUT', `/api/treatments/${visit}`, body, doctor, tag ? { 'if-match': tag } : {});
    isProblem(await put(undefined), 428);
    isProblem(await put(`"${version + 7}"`), 412, 'records.visit_changed');
    const changed = isOk(await put(`"${version}"`), 200);
    assert.equal(changed.version, version + 1);
    assert.equal(changed.note.notes, 'Clear lungs');
    assert.equal(changed.note.complaint, undefined, 'a save is the whole draft');
    isProblem(await put(`"${version}"`), 412, 'records.visit_changed');
    const wrong = await put(`"${version + 1}"`, { vitals: { systolic: 80, diastolic: 120, pulse: 9 } });
    isProblem(wrong, 422, 'records.note_invalid');
    assert.deepEqual(
      wrong.body.errors.map((error) => error.pointer),
      ['/vitals/pulse', '/vitals/diastolic'],
    );
  });

  test('allergies and medicines being taken are warned of', async () => {
    const target = `/api/patients/${patient.id}/allergies`;
    await refused(
      404,
      'records.patient_not_found',
      'POST',
      `/api/patients/${stranger.id}/allergies`,
      {
        substance: 'Latex',
      },
      doctor,
    );
    const allergy = await call(201, 'POST', target, { substance: 'Penicillin', severity: 'severe' }, doctor);
    await refused(409, 'records.entry_exists', 'POST', target, { substance: 'penicillin' }, doctor);
    const items = [
      { medicine: 'Amoxicillin 500 mg', dose: '1', frequency: 'three a day', duration_days: 5, quantity: 15 },
    ];
    const prescribe = (body) =>
      world.api('POST', '/api/doctor/prescriptions', { appointment_id: visit, items, ...body }, doctor);
    const warned = await prescribe({});
    isProblem(warned, 409, 'records.prescription_warned');
    assert.match(warned.body.errors[0].detail, /allergy to Penicillin/);
    assert.equal(warned.body.errors[0].pointer, '/items/0/medicine');
    const issued = isOk(await prescribe({ override_reason: 'Tolerated twice since' }), 201);
    assert.equal(issued.override_reason, 'Tolerated twice since');
    assert.equal(issued.warnings[0].kind, 'allergy');
    isProblem(await prescribe({ items: [] }), 422, 'records.prescription_empty');
    const again = await prescribe({});
    assert.deepEqual(again.body.errors.length, 2, 'the allergy, and that it is taken already');

    const correct = (id, body) => world.api('POST', `/api/doctor/prescriptions/${id}/corrections`, body, doctor);
    const better = [{ medicine: 'Azithromycin 500 mg', dose: '1', frequency: 'daily', duration_days: 3, quantity: 3 }];
    const next = isOk(await correct(issued.id, { reason: 'Safer', items: better }), 201);
    assert.equal(next.supersedes, issued.id);
    isProblem(await correct(issued.id, { reason: 'Once more', items: better }), 409, 'records.entry_superseded');
    isProblem(await correct(nothing, { reason: 'Once more', items: better }), 404, 'records.prescription_not_found');
    const old = await call(200, 'GET', `/api/prescriptions/${issued.id}`, undefined, patient.token);
    assert.equal(old.superseded_by, next.id);
    const print = await call(200, 'GET', `/api/prescriptions/${next.id}`, undefined, patient.token);
    assert.equal(print.patient.name, 'Patient 1');
    assert.ok(print.doctor_name && print.hospital_name && print.time_zone);
    await refused(
      404,
      'records.prescription_not_found',
      'GET',
      `/api/prescriptions/${next.id}`,
      undefined,
      stranger.token,
    );
    const mine = await call(200, 'GET', '/api/prescriptions', undefined, patient.token);
    assert.deepEqual(
      mine.items.map(({ id }) => id),
      [next.id],
    );
    assert.deepEqual((await call(200, 'GET', '/api/prescriptions', undefined, stranger.token)).items, []);
    await refused(422, 'records.list_invalid', 'GET', '/api/prescriptions', undefined, doctor);
    await refused(
      404,
      'records.patient_not_found',
      'GET',
      `/api/prescriptions?patient_id=${patient.id}`,
      undefined,
      stranger.token,
    );

    const fix = (id, body) => world.api('POST', `/api/allergies/${id}/corrections`, body, doctor);
    const refuted = isOk(await fix(allergy.id, { reason: 'Tested', status: 'refuted' }), 201);
    assert.equal(refuted.supersedes, allergy.id);
    isProblem(await fix(allergy.id, { reason: 'Tested', status: 'active' }), 409, 'records.entry_superseded');
    isProblem(await fix(nothing, { reason: 'Tested' }), 404, 'records.entry_not_found');
    assert.deepEqual((await page()).summary.allergies, []);
  });

  test('referrals, orders and problems', async () => {
    const specialities = (await call(200, 'GET', '/api/specialities')).items;
    const refer = (body) =>
      world.api('POST', '/api/doctor/referrals', { appointment_id: visit, reason: 'Wheeze', ...body }, doctor);
    isProblem(await refer({}), 422, 'records.referral_invalid');
    isProblem(await refer({ to_speciality_id: nothing }), 422, 'records.referral_invalid');
    isProblem(await refer({ to_doctor_id: nothing }), 422, 'records.referral_invalid');
    const sent = isOk(
      await refer({ to_speciality_id: specialities[0].id, to_doctor_id: doctorId, urgency: 'urgent' }),
      201,
    );
    assert.equal(sent.to_speciality_name, specialities[0].name);
    for (const direction of ['sent', 'received']) {
      const list = await call(200, 'GET', `/api/doctor/referrals?direction=${direction}`, undefined, doctor);
      assert.deepEqual(
        list.items.map(({ id }) => id),
        [sent.id],
      );
    }
    await refused(422, 'records.list_invalid', 'GET', '/api/doctor/referrals?cursor=x', undefined, doctor);
    const order = (tests) => world.api('POST', '/api/doctor/test-orders', { appointment_id: visit, tests }, doctor);
    isProblem(await order([]), 422, 'records.tests_empty');
    assert.equal(isOk(await order([{ name: 'Chest X-ray' }, { name: 'CBC', code: 'CBC' }]), 201).items.length, 2);
    const problem = await call(
      201,
      'POST',
      `/api/patients/${patient.id}/problems`,
      { code: 'j45.9', words: 'Asthma' },
      doctor,
    );
    assert.equal(problem.code, 'J45.9');
    await refused(422, 'records.note_invalid', 'POST', `/api/patients/${patient.id}/problems`, { code: '45x' }, doctor);
    const worse = await call(
      201,
      'POST',
      `/api/problems/${problem.id}/corrections`,
      { reason: 'It ended', status: 'resolved' },
      doctor,
    );
    assert.equal(worse.status, 'resolved');
    const shown = await page(patient.token);
    assert.deepEqual([shown.referrals.length, shown.test_orders.length, shown.prescriptions.length], [1, 2, 1]);
    assert.deepEqual(
      shown.summary.problems.map(({ status }) => status),
      ['resolved'],
    );
  });

  test('referrals and orders are corrected by new versions, and withdrawn', async () => {
    const before = await page();
    const [referral] = before.referrals;
    const target = `/api/doctor/referrals/${referral.id}/corrections`;
    const correction_reason = 'It is not urgent';
    const routine = await call(201, 'POST', target, { correction_reason, urgency: 'routine' }, doctor);
    assert.deepEqual(
      [routine.supersedes, routine.urgency, routine.reason, routine.to_doctor_id, routine.correction_reason],
      [referral.id, 'routine', 'Wheeze', doctorId, correction_reason],
    );
    await refused(409, 'records.entry_superseded', 'POST', target, { correction_reason: 'Again' }, doctor);
    const again = `/api/doctor/referrals/${routine.id}/corrections`;
    await refused(422, 'records.referral_invalid', 'POST', again, { correction_reason, to_doctor_id: nothing }, doctor);
    await refused(422, undefined, 'POST', again, { urgency: 'urgent' }, doctor);
    await refused(403, undefined, 'POST', again, { correction_reason }, patient.token);
    const speciality = { correction_reason: 'Nobody is free', to_speciality_id: referral.to_speciality_id };
    const elsewhere = await call(201, 'POST', again, speciality, doctor);
    assert.deepEqual([elsewhere.to_doctor_id, elsewhere.to_speciality_id], [undefined, referral.to_speciality_id]);
    const received = await call(200, 'GET', '/api/doctor/referrals?direction=received', undefined, doctor);
    assert.deepEqual(received.items, [], 'the newest version is to nobody of that name');
    const sent = await call(200, 'GET', '/api/doctor/referrals', undefined, doctor);
    assert.deepEqual(
      sent.items.map(({ id, is_withdrawn }) => [id, is_withdrawn]),
      [[elsewhere.id, false]],
    );

    const [xray] = before.test_orders;
    const orders = `/api/doctor/test-orders/${xray.id}/corrections`;
    const both = await Promise.all(
      [1, 2].map(() => world.api('POST', orders, { correction_reason: 'Pregnant', is_withdrawn: true }, doctor)),
    );
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
    const missing = `/api/doctor/test-orders/${nothing}/corrections`;
    await refused(404, 'records.entry_not_found', 'POST', missing, { correction_reason }, doctor);
    const shown = await page(patient.token);
    assert.deepEqual(shown.test_orders.map(({ name, is_withdrawn }) => [name, is_withdrawn]).sort(), [
      ['CBC', false],
      ['Chest X-ray', true],
    ]);
    assert.deepEqual(
      shown.referrals.map(({ id }) => id),
      [elsewhere.id],
    );
  });

  test('the desk sees whom to ask to come again, and not why', async () => {
    const person = await world.patient();
    const id = await booked(person);
    const in5 = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    const in9 = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    await save(200, { notes: 'Rash', follow_up: { on: in9, note: 'Look at the rash' }, close: true }, id);
    const of = async (token, query = '') => {
      const { items } = await call(200, 'GET', `/api/follow-ups?limit=100${query}`, undefined, token);
      return items.filter(({ patient_id }) => patient_id === person.id);
    };
    const [due, ...others] = await of(desk);
    assert.deepEqual(others, []);
    assert.deepEqual([due.appointment_id, due.on, due.is_booked, due.doctor_id], [id, in9, false, doctorId]);
    assert.ok(due.patient_name && due.doctor_name);
    assert.doesNotMatch(JSON.stringify(due), /rash/i);
    await save(200, { correction_reason: 'Sooner', notes: 'Rash', follow_up: { on: in5 } }, id);
    const [sooner, ...rest] = await of(desk);
    assert.deepEqual([sooner.on, rest], [in5, []], 'the newest version alone');
    assert.deepEqual(await of(desk, `&from_on=${in9}&to_on=${in9}`), []);
    const [slot] = await world.slots(doctorId, { from: in5, to: in5 });
    await call(
      201,
      'POST',
      '/api/appointments',
      { doctor_id: doctorId, starts_at: slot.starts_at, patient_id: person.id },
      await world.staff('platform_admin'),
    );
    assert.equal((await of(desk))[0].is_booked, true);
    await refused(403, undefined, 'GET', '/api/follow-ups', undefined, doctor);
    await refused(403, undefined, 'GET', '/api/follow-ups', undefined, person.token);
    const wrong = ['?from_on=2026-01-01&to_on=2026-12-31', '?from_on=2026-02-02&to_on=2026-02-01', '?cursor=x'];
    for (const query of wrong)
      await refused(422, 'records.list_invalid', 'GET', `/api/follow-ups${query}`, undefined, desk);
    const platform = await world.staff('platform_admin');
    await refused(422, 'records.list_invalid', 'GET', '/api/follow-ups', undefined, platform);
    assert.equal((await of(platform, `&hospital_id=${due.hospital_id}`)).length, 1);
    assert.deepEqual(await of(desk, '&hospital_id=987654'), []);
  });

  test('closing fulfils the appointment, and what is finished is only corrected', async () => {
    const note = { notes: 'Bronchitis', diagnoses: [{ code: 'J20.9', words: 'Acute bronchitis' }, { words: 'Tired' }] };
    await refused(422, 'records.visit_empty', 'POST', `/api/treatments/${visit}`, { close: true }, doctor);
    await refused(
      422,
      'records.visit_open',
      'POST',
      `/api/treatments/${visit}`,
      { ...note, correction_reason: 'why' },
      doctor,
    );
    const follow_up = { on: '2031-01-05', note: 'X-ray again' };
    const closed = await save(200, { ...note, follow_up, vitals: { saturation: 97 }, close: true });
    assert.deepEqual([closed.status, closed.appointment_status], ['closed', 'fulfilled']);
    assert.deepEqual(
      closed.note.diagnoses.map(({ code, kind }) => [code, kind]),
      [
        ['J20.9', 'primary'],
        [undefined, 'secondary'],
      ],
    );
    const appointment = await call(200, 'GET', `/api/appointments/${visit}`, undefined, patient.token);
    assert.equal(appointment.status, 'fulfilled');
    await refused(409, 'records.visit_closed', 'POST', `/api/treatments/${visit}`, note, doctor);
    const corrected = await save(200, { ...note, notes: 'Pneumonia', correction_reason: 'The X-ray came' });
    assert.deepEqual([corrected.note.number, corrected.note.notes], [2, 'Pneumonia']);
    assert.deepEqual(
      corrected.versions.map(({ number, reason }) => [number, reason]),
      [
        [2, 'The X-ray came'],
        [1, undefined],
      ],
    );
    const first = await call(200, 'GET', `/api/treatments/${visit}/versions/1`, undefined, patient.token);
    assert.deepEqual([first.notes, first.follow_up, first.vitals], ['Bronchitis', follow_up, { saturation: 97 }]);
    await refused(
      404,
      'records.visit_not_found',
      'GET',
      `/api/treatments/${visit}/versions/3`,
      undefined,
      patient.token,
    );
    await refused(
      404,
      'records.visit_not_found',
      'GET',
      `/api/treatments/${visit}/versions/1`,
      undefined,
      stranger.token,
    );
    assert.equal((await page(admin)).note.number, 2);
  });

  test('a visit is not begun too early, nor where the appointment was called off', async () => {
    const slots = await world.slots(doctorId, { soonest: 5 * 3_600_000 });
    const other = await world.patient();
    const hold = await call(
      201,
      'POST',
      '/api/holds',
      { doctor_id: doctorId, starts_at: slots[0].starts_at },
      other.token,
    );
    await refused(409, 'records.visit_status', 'POST', `/api/treatments/${hold.id}`, { notes: 'x' }, doctor);
    await call(202, 'POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, other.token);
    await world.until(`/api/appointments/${hold.id}`, other.token, ({ status }) => status === 'booked');
    await refused(409, 'records.visit_too_early', 'POST', `/api/treatments/${hold.id}`, { notes: 'x' }, doctor);
    await call(200, 'PUT', `/api/doctor/appointments/${hold.id}`, { status: 'arrived' }, doctor);
    await save(200, { notes: 'x' }, hold.id);
    await call(200, 'PUT', `/api/doctor/appointments/${hold.id}`, { status: 'cancelled' }, doctor);
    await refused(
      409,
      'records.visit_status',
      'POST',
      `/api/treatments/${hold.id}`,
      { notes: 'x', close: true },
      doctor,
    );
  });

  test('the timeline has everything once, page by page', async () => {
    const target = `/api/patients/${patient.id}/timeline`;
    const whole = await call(200, 'GET', target, undefined, patient.token);
    const kinds = whole.items.map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['allergy', 'prescription', 'problem', 'referral', 'test_order', 'test_order', 'visit']);
    assert.ok(whole.items.every((item, i) => i === 0 || item.at <= whole.items[i - 1].at));
    const steps = [];
    for (let cursor = ''; cursor !== undefined; ) {
      const part = await call(200, 'GET', `${target}?limit=2${cursor && `&cursor=${cursor}`}`, undefined, doctor);
      steps.push(...part.items);
      cursor = part.next;
    }
    assert.deepEqual(steps, whole.items);
    const visits = await call(200, 'GET', `${target}?kind=visit`, undefined, admin);
    assert.equal(visits.items[0].title, 'Acute bronchitis, Tired');
    await refused(422, 'records.list_invalid', 'GET', `${target}?cursor=1`, undefined, doctor);
    for (const token of [stranger.token])
      await refused(404, 'records.patient_not_found', 'GET', target, undefined, token);
    await refused(403, undefined, 'GET', target, undefined, desk);
    const summary = await call(200, 'GET', `/api/patients/${patient.id}/summary`, undefined, patient.token);
    assert.deepEqual(summary.vitals.length, 0, 'the correction took no vitals');
    assert.equal(summary.visits[0].diagnoses.length, 2);
    assert.equal(summary.medicines[0].medicine, 'Azithromycin 500 mg');
    await refused(404, 'records.patient_not_found', 'GET', `/api/patients/${nothing}/summary`, undefined, admin);
  });

  test('the database refuses to change what is finished', async () => {
    const run = (statement) => {
      try {
        if (engine === 'sqlite')
          execFileSync('sqlite3', ['-bail', path.join(world.data, 'fairward.db')], {
            input: `${statement};\n`,
            stdio: 'pipe',
          });
        else psql(world.url, statement);
        return 'done';
      } catch (error) {
        return `${error.stderr ?? error.message}`;
      }
    };
    const tables = [
      'visit',
      'note',
      'diagnosis',
      'allergy',
      'problem',
      'prescription',
      'prescription_item',
      'referral',
      'test_order',
    ];
    for (const table of tables) assert.match(run(`DELETE FROM records_${table}`), /never deleted/, table);
    for (const [table, column] of [
      ['note', 'notes'],
      ['diagnosis', 'words'],
      ['allergy', 'substance'],
      ['problem', 'words'],
      ['prescription', 'note'],
      ['prescription_item', 'dose'],
      ['referral', 'reason'],
      ['test_order', 'name'],
    ])
      assert.match(run(`UPDATE records_${table} SET ${column} = 'x'`), /new versions/, table);
    assert.match(
      run('UPDATE records_visit SET closed_at = NULL, closed_by = NULL WHERE closed_at IS NOT NULL'),
      /closed/,
    );
    assert.match(run('UPDATE records_visit SET patient_id = patient_id + 1'), /with whom/);
    const check = commandResult(['check', `--database.url=${world.url}`, `--data.folder=${world.data}`]);
    assert.equal(check.status, 0, check.out + check.error);
  });
});
