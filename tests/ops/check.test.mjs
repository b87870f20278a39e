// `fairward check` beside a running server finds nothing, and finds each invariant that somebody breaks: every one of
// them is broken here once, in a copy of a database in which everything that can be open is open.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isOk } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const copied = (where) => `
  INSERT INTO booking_appointment (id, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at,
    slots, fee_minor, currency, created_at, expires_at, lapses_at, version)
  SELECT id + 1000000, doctor_id, hospital_id, patient_id, made_by, channel, status, starts_at, ends_at, slots,
    fee_minor, currency, created_at, expires_at, lapses_at, version FROM booking_appointment WHERE ${where} LIMIT 1`;

// All days until 2099 are counted, but nothing was.
const counted = `DELETE FROM reporting_change; DELETE FROM reporting_day; DELETE FROM reporting_patient;
  DELETE FROM reporting_hospital; INSERT INTO reporting_hospital (hospital_id, time_zone, closed_before_on)
  SELECT id, time_zone, '2099-01-01' FROM directory_hospital`;

const plants = {
  'audit.sealed': 'UPDATE platform_audit_chain SET began_at = began_at - 1',
  'sql.references': "INSERT INTO identity_password (user_id, hash, changed_at) VALUES (999999, 'x', 1)",
  'api.reply': `INSERT INTO platform_idempotency (caller, key_hash, fingerprint, status, headers, body, at)
    VALUES (1, 1, 'f', 0, '', '', 1)`,
  'identity.refresh_token': `INSERT INTO identity_refresh_token (token_hash, session_id, expires_at)
    SELECT 'planted', session_id, expires_at FROM identity_refresh_token WHERE used_at IS NULL LIMIT 1`,
  'identity.guardian': `INSERT INTO identity_guardian (guardian_id, dependent_id, relation, created_at)
    SELECT MIN(p.id), MIN(d.id), 'child', 1 FROM identity_user p, identity_user d
    WHERE p.role = 'patient' AND d.role = 'doctor'`,
  'directory.department': 'UPDATE directory_department SET hospital_id = hospital_id + 1000000',
  'billing.captured': "UPDATE billing_payment SET status = 'captured' WHERE status = 'settled'",
  'billing.one': `DROP INDEX billing_payment_one; UPDATE billing_payment SET payable_id = (
    SELECT payable_id FROM billing_payment WHERE status = 'settled' LIMIT 1) WHERE status = 'requested'`,
  'billing.asked': "DELETE FROM platform_job WHERE kind LIKE 'billing.%_payment'",
  'billing.refund': "UPDATE billing_payment SET status = 'refund_due' WHERE status = 'settled'",
  'booking.claim_owner': `INSERT INTO booking_slot_claim (doctor_id, cell, appointment_id)
    SELECT doctor_id, 5, id FROM booking_appointment WHERE status = 'booked' LIMIT 1`,
  'booking.cells': `DELETE FROM booking_slot_claim WHERE appointment_id IN (
    SELECT id FROM booking_appointment WHERE status = 'booked')`,
  'booking.overlap': copied("status = 'booked'"),
  'booking.hold_deadline': "UPDATE booking_appointment SET lapses_at = expires_at - 1000 WHERE status = 'pending'",
  'booking.schedule_version': 'UPDATE booking_schedule SET version = version + 1',
  'booking.open_limit': copied("status = 'pending'"),
  'booking.open_count': 'UPDATE booking_patient_open SET open_count = open_count + 1',
  'booking.queue_count': 'UPDATE booking_doctor_queue SET waiting = waiting + 1',
  'booking.ticket': 'UPDATE booking_doctor_queue SET next_ticket = 1',
  'booking.ticket_order': 'UPDATE booking_wait SET ticket = 100 - ticket',
  'booking.offer': "UPDATE booking_appointment SET wait_id = NULL WHERE status = 'pending' AND wait_id IS NOT NULL",
  'booking.wait_state': "UPDATE booking_wait SET ended_at = 1 WHERE status = 'waiting'",
  'booking.ledger_wait': "DELETE FROM booking_ledger WHERE kind = 'joined'",
  'booking.ledger_end': "DELETE FROM booking_ledger WHERE kind = 'offered'",
  'booking.ledger_order': "UPDATE booking_ledger SET ticket = 100 - ticket WHERE kind = 'joined'",
  'booking.paid': "UPDATE billing_payment SET amount_minor = amount_minor + 1 WHERE status = 'settled'",
  'booking.money': "UPDATE booking_appointment SET status = 'expired' WHERE status = 'booked' AND channel = 'web'",
  'booking.patient': "UPDATE booking_appointment SET patient_id = 999999 WHERE status = 'fulfilled'",
  'booking.hospital': "UPDATE booking_appointment SET hospital_id = 999999 WHERE status = 'fulfilled'",
  'reception.appointment': `INSERT INTO reception_arrival (appointment_id, doctor_id, hospital_id, patient_id,
    arrived_on, token, arrived_at, due_at, made_by)
    SELECT id, doctor_id, hospital_id, patient_id, '2000-01-01', 1, 1, 1, 1 FROM booking_appointment
    WHERE status = 'booked' LIMIT 1`,
  'reception.tokens': `INSERT INTO reception_arrival (appointment_id, doctor_id, hospital_id, patient_id, arrived_on,
    token, arrived_at, due_at, made_by)
    SELECT id, doctor_id, hospital_id, patient_id, '2000-01-01', 2, 1, 1, 1 FROM booking_appointment
    WHERE status = 'fulfilled' LIMIT 1`,
  'reviews.rating': `UPDATE directory_doctor SET rating_sum = rating_sum - 1
    WHERE rating_count > 0 AND rating_sum > rating_count`,
  'notifications.carried': `INSERT INTO notifications_message (key, kind, person_id, hospital_id, facts, language,
      secret, is_shown, created_at, useless_at) VALUES ('planted', 'login_code', 0, 0, '{}', 'en', '', 0, 1, 1);
    INSERT INTO notifications_delivery (message_id, channel, status, attempts, created_at, due_at)
    SELECT id, 'email', 'waiting', 0, 1, 1 FROM notifications_message WHERE key = 'planted'`,
  'notifications.called': `INSERT INTO notifications_endpoint (hospital_id, made_by, url, kinds, nonce, is_active,
      created_at) VALUES (0, 1, 'https://planted.example', '', 'n', 1, 1);
    INSERT INTO notifications_call (endpoint_id, event, kind, body, status, attempts, created_at, due_at)
    SELECT id, 'e', 'appointment.booked', '{}', 'waiting', 0, 1, 1 FROM notifications_endpoint`,
  'notifications.people': 'UPDATE notifications_message SET person_id = 999999',
  'reviews.visit': "UPDATE booking_appointment SET status = 'noshow' WHERE status = 'fulfilled'",
  'records.visit': `UPDATE booking_appointment SET status = 'booked' WHERE id IN (
    SELECT appointment_id FROM records_visit WHERE closed_at IS NOT NULL)`,
  'records.note': `INSERT INTO records_note (visit_id, number, supersedes, reason, written_at, written_by)
    SELECT visit_id, number + 5, id, 'x', written_at, written_by FROM records_note WHERE number = 2`,
  'records.note_chain': `INSERT INTO records_note (visit_id, number, supersedes, reason, written_at, written_by)
    SELECT v.id, 2, n.id, 'x', written_at, written_by FROM records_note n JOIN records_visit v ON v.id <> n.visit_id
    WHERE n.number = 2 LIMIT 1`,
  'records.prescription': `INSERT INTO records_prescription (visit_id, patient_id, hospital_id, doctor_id, issued_at,
    issued_by) SELECT id, patient_id, hospital_id, doctor_id, 1, opened_by FROM records_visit LIMIT 1`,
  'records.order': `INSERT INTO records_referral (visit_id, patient_id, hospital_id, doctor_id, to_doctor_id, urgency,
    reason, made_at, made_by) SELECT id, patient_id + 1, hospital_id, doctor_id, doctor_id, 'routine', 'x', 1, opened_by
    FROM records_visit LIMIT 1`,
  'records.entry': `INSERT INTO records_allergy (supersedes, patient_id, hospital_id, doctor_id, recorded_at,
    recorded_by, substance, severity, status, reason) SELECT id, patient_id, hospital_id, doctor_id, 1, recorded_by,
    substance, severity, status, 'x' FROM records_allergy LIMIT 1`,
  'records.document': `INSERT INTO records_document (patient_id, hospital_id, kind, name, media_type, bytes, sha256,
    added_at, added_by) VALUES (1, 0, 'other', 'x', 'text/plain', 5, 'x', 1, 1)`,
  'records.merge': `INSERT INTO records_merge (kept_id, merged_id, hospital_id, reason, merged_at, merged_by)
    VALUES (1, 2, 1, 'x', 1, 1), (2, 3, 1, 'x', 1, 1)`,
  'records.identifier': `INSERT INTO records_identifier (patient_id, kind, hospital_id, value, value_key, added_at,
    added_by) VALUES (1, 'mrn', 1, 'X1', 'X1', 1, 1)`,
  'records.emergency': `INSERT INTO records_emergency_access (patient_id, doctor_id, hospital_id, user_id, reason,
    granted_at, expires_at, reviewed_at, reviewed_by, is_justified) VALUES (1, 1, 1, 1, 'x', 5, 6, 7, 1, 1)`,
  'reporting.day': counted,
  'reporting.patient': counted,
  'reporting.closed': `INSERT INTO reporting_day (hospital_id, day_on, appointments, fulfilled, cancelled, no_shows,
    arrived, hours, doctors, waits, money) VALUES (1, '2999-01-01', 1, 0, 0, 0, 0, '', '', '', '')`,
  'reporting.export': `INSERT INTO reporting_export (user_id, role, kind, hospital_id, format, status, from_at, to_at,
    source_id, after_at, after_id, is_read, done, total, created_at, expires_at)
    VALUES (1, 'patient', 'patient', 0, 'csv', 'done', 0, 1, 0, 0, 0, 1, 5, 5, 1, 2)`,
};

onEachEngine('check', (engine) => {
  let world;
  const check = (url) => commandResult(['check', `--database.url=${url}`, `--data.folder=${world.data}`]);
  const call = async (status, ...args) => isOk(await world.api(...args), status);

  // The database with this done to it, as the address of a copy.
  const damaged = (statements) => {
    if (engine === 'sqlite') {
      const folder = fs.mkdtempSync(path.join(world.folder, 'damaged-'));
      const file = path.join(folder, 'fairward.db');
      fs.copyFileSync(path.join(world.data, 'fairward.db'), file);
      execFileSync('sqlite3', ['-bail', file], { input: `${statements};\n` });
      return `sqlite:${file}`;
    }
    const url = world.postgres.url(/\/\/\/(\w+)/.exec(world.url)[1]);
    psql(url, `SET session_replication_role = replica; ${statements};`);
    return url;
  };

  // Two closed visits of the demo's doctor, one of them corrected, and an allergy.
  const visits = async () => {
    const doctor = await world.staff('doctor');
    const own = world.logins.find((entry) => entry.role === 'doctor').doctor_id;
    const desk = await world.staff('front_desk');
    const here = world.logins.find((entry) => entry.role === 'front_desk').hospital_id;
    const slots = (await world.slots(own, { soonest: 60_000 })).filter((slot) => slot.hospital_id === here);
    for (const [i, name] of ['Patient A', 'Patient B'].entries()) {
      const patient = await call(201, 'POST', '/api/patients', { name }, desk);
      const { starts_at, hospital_id } = slots[i];
      const wish = { doctor_id: own, hospital_id, starts_at, patient_id: patient.id };
      const { id } = await call(201, 'POST', '/api/appointments', wish, desk);
      await call(200, 'PUT', `/api/doctor/appointments/${id}`, { status: 'arrived' }, doctor);
      await call(200, 'POST', `/api/treatments/${id}`, { notes: 'Well', close: true }, doctor);
      if (i === 0)
        await call(200, 'POST', `/api/treatments/${id}`, { notes: 'Ill', correction_reason: 'wrong' }, doctor);
      await call(201, 'POST', `/api/patients/${patient.id}/allergies`, { substance: 'Latex' }, doctor);
    }
  };

  before(async () => {
    world = await start({ engine });
    const doctors = (await world.api('GET', '/api/doctors?limit=30')).body.items.map((doctor) => doctor.id);
    const [wide, narrow, offering] = doctors;
    for (const doctor of [narrow, offering])
      await world.schedule(doctor, { starts: '10:00', ends: '10:30', slot_minutes: 30 });
    const people = [];
    while (people.length < 8) people.push(await world.patient());
    const [payer, late, holder, waiter, second, releaser, offered, third] = people;
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const hold = async (patient, doctor, slot) =>
      call(201, 'POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, patient.token);
    const wait = (patient, doctor) =>
      call(201, 'POST', '/api/waits', { doctor_id: doctor, from: day, to: day }, patient.token);
    const slots = await world.slots(wide, { from: day });
    const paid = await hold(payer, wide, slots[0]);
    await call(202, 'POST', `/api/holds/${paid.id}/payments`, { method: 'sandbox' }, payer.token);
    await world.until(`/api/appointments/${paid.id}`, payer.token, (body) => body.status === 'booked');
    const unpaid = await hold(late, wide, slots[2]);
    await call(202, 'POST', `/api/holds/${unpaid.id}/payments`, { method: 'sandbox', outcome: 'late' }, late.token);
    await hold(holder, narrow, (await world.slots(narrow, { from: day, to: day }))[0]);
    await wait(waiter, narrow);
    await wait(second, narrow);
    const released = await hold(releaser, offering, (await world.slots(offering, { from: day, to: day }))[0]);
    await wait(offered, offering);
    await wait(third, offering);
    await visits();
    await call(204, 'DELETE', `/api/holds/${released.id}`, undefined, releaser.token);
  });
  after(() => world?.stop());

  test('finds nothing beside a running server, and each invariant that is broken', async (t) => {
    const sound = check(world.url);
    assert.equal(sound.status, 0, sound.out + sound.error);
    assert.doesNotMatch(sound.out, /BROKEN/);
    const names = [...sound.out.matchAll(/^ok +(\S+)/gm)].map((match) => match[1]);
    assert.deepEqual([...names].sort(), Object.keys(plants).sort(), 'every invariant is broken below');
    assert.equal((await world.server.end('SIGTERM')) ?? 0, 0);
    for (const [name, statements] of Object.entries(plants)) {
      if (name === 'sql.references' && engine === 'postgres') continue; // PostgreSQL lets none in
      const found = check(damaged(statements));
      assert.equal(found.status, 1, `${name}: ${found.out}${found.error}`);
      assert.match(
        found.out,
        new RegExp(`^BROKEN +${name.replace('.', '\\.')} .*\\n +\\d+ violations; \\w+ \\d`, 'm'),
        name,
      );
      assert.doesNotMatch(found.out + found.error, /Patient \d/, 'no names');
    }
    t.diagnostic(`${names.length} invariants, each broken and found`);
  });

  test('says what keeps it from looking', () => {
    const nowhere = engine === 'sqlite' ? `sqlite:${world.folder}/nothing.db` : 'postgresql:///x?host=/nowhere';
    const missing = check(nowhere);
    assert.equal(missing.status, 4, missing.error);
    assert.ok(!fs.existsSync(`${world.folder}/nothing.db`), 'and makes no database');
    const older = check(
      damaged('DELETE FROM platform_migration WHERE number = (SELECT MAX(number) FROM platform_migration)'),
    );
    assert.equal(older.status, 1);
    assert.match(older.error, /run `fairward migrate`/);
    const newer = check(damaged("INSERT INTO platform_migration (number, name, hash) VALUES (9999, 'x', 'x')"));
    assert.equal(newer.status, 1);
    assert.match(newer.error, /this program does not know/);
  });
});
