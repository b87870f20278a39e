// Every operation of the document is called without a login and by every role that the matrix refuses; then the staff
// of one hospital reaches for what belongs to another. There is no list of exceptions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { command, onEachEngine, start } from '../lib/server.mjs';

const staffRoles = ['front_desk', 'ward_admin', 'hospital_admin'];
const dateIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const password = 'correct horse of another hospital';

onEachEngine('rights', (engine) => {
  let world, tokens, api, matrix;
  before(async () => {
    world = await start({ engine, demo: { cities: 2, doctors: 12 } });
    await signInAgain();
    api = isOk(await world.api('GET', '/openapi.json'), 200);
    matrix = new Map(JSON.parse(command(['policy', '--json'])).map((row) => [row.operation, row.scopes]));
  });
  after(() => world?.stop());

  const signInAgain = async () => {
    world.tokens?.clear();
    tokens = { patient: (await world.patient()).token };
    for (const role of ['doctor', ...staffRoles, 'platform_admin']) tokens[role] = await world.staff(role);
  };
  const operations = () =>
    Object.entries(api.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation?.operationId)
        .map(([method, operation]) => ({ method: method.toUpperCase(), path, id: operation.operationId })),
    );
  // Ids that no row has: a refusal must not depend on there being something.
  const targetOf = (path) => path.replace(/\{code\}/g, '411001').replace(/\{[^}]+\}/g, '987654321');
  const call = ({ method, path }, token) =>
    world.api(method, targetOf(path), method === 'POST' || method === 'PUT' ? {} : undefined, token, {
      'if-match': '"1"',
    });

  test('the document and the matrix name the same operations', () => {
    const named = operations().map((operation) => operation.id);
    for (const id of named) assert.ok(matrix.has(id), `${id} is in the document only`);
    for (const id of matrix.keys()) assert.ok(named.includes(id), `${id} is in the matrix only`);
  });

  test('without a login', async () => {
    for (const operation of operations()) {
      const reply = await call(operation);
      if (matrix.get(operation.id).anyone === 'none') isProblem(reply, 401);
      else assert.notEqual(reply.status, 403, `${operation.id}: ${reply.text}`);
      assert.ok(reply.status < 500, `${operation.id}: ${reply.status} ${reply.text}`);
    }
  });

  test('every role that the matrix refuses', async () => {
    for (const operation of operations()) {
      for (const [role, token] of Object.entries(tokens)) {
        const reply = await call(operation, token);
        const where = `${operation.id} as ${role}: ${reply.status} ${reply.text.slice(0, 200)}`;
        if (matrix.get(operation.id)[role] === 'none') assert.ok([403, 404].includes(reply.status), where);
        assert.ok(reply.status < 500, where);
      }
      // The operation may have ended what it was called with.
      if (/logout|session/.test(operation.id)) await signInAgain();
    }
  });

  test('what belongs to another hospital or person is not there', async () => {
    const platform = await world.staff('platform_admin');
    const desk = await world.staff('front_desk');
    const me = isOk(await world.api('GET', '/api/me', undefined, desk), 200);
    const here = (me.user ?? me).hospital_id;
    const doctors = isOk(await world.api('GET', '/api/doctors?limit=30'), 200).items;
    const worksAt = (doctor, hospital) => doctor.practices.some((practice) => practice.hospital_id === hospital);
    const ours = doctors.find((doctor) => doctor.practices.every((practice) => practice.hospital_id === here));
    const theirs = doctors.find((doctor) => !worksAt(doctor, here));
    assert.ok(ours && theirs, 'the demo has a doctor here and one elsewhere');
    const elsewhere = theirs.practices[0].hospital_id;

    const owner = await world.patient();
    const [slot] = await world.slots(ours.id, { from: dateIn(2), to: dateIn(4) });
    const walkIn = isOk(await world.api('POST', '/api/patients', { name: 'Walk In' }, desk), 201);
    const wish = { doctor_id: ours.id, hospital_id: here, starts_at: slot.starts_at, patient_id: walkIn.id };
    const booked = isOk(await world.api('POST', '/api/appointments', wish, desk), 201);
    const held = isOk(
      await world.api('POST', '/api/holds', { doctor_id: ours.id, starts_at: slot.ends_at }, owner.token),
      201,
    );
    const departments = isOk(await world.api('GET', `/api/departments?hospital_id=${here}`), 200).items;
    const schedule = await world.api('GET', `/api/doctors/${ours.id}/schedule`, undefined, platform);
    const deskUser = (me.user ?? me).id;

    const strangers = { patient: (await world.patient()).token };
    for (const role of staffRoles) {
      const login = `stranger-${role.replace('_', '-')}-${engine}`;
      isOk(
        await world.api('POST', '/api/users', { role, name: role, login, password, hospital_id: elsewhere }, platform),
        201,
      );
      strangers[role] = await world.login(login, password);
    }
    const match = { 'if-match': schedule.headers.etag };
    const { name } = isOk(await world.api('GET', `/api/hospitals/${here}`), 200);
    const hospitalMatch = { 'if-match': (await world.api('GET', `/api/hospitals/${here}`)).headers.etag };
    const reaches = [
      ['GET', `/api/appointments/${booked.id}`],
      ['GET', `/api/appointments/${held.id}`],
      ['PUT', `/api/appointments/${booked.id}/cancel`, {}],
      ['PUT', `/api/appointments/${booked.id}`, { status: 'cancelled' }],
      ['PUT', `/api/appointments/${held.id}/cancel`, {}],
      ['GET', `/api/holds/${held.id}`],
      ['DELETE', `/api/holds/${held.id}`],
      ['POST', `/api/holds/${held.id}/payments`, { method: 'sandbox' }],
      ['GET', `/api/patients/${walkIn.id}`],
      ['PUT', `/api/users/${deskUser}/disabled`, { disabled: true }],
      ['PUT', `/api/users/${deskUser}/approval`, { approved: false }],
      [
        'POST',
        '/api/users',
        { role: 'front_desk', name: 'Mole', login: `mole-${engine}`, password, hospital_id: here },
      ],
      ['POST', '/api/departments', { hospital_id: here, name: 'Theirs' }],
      ...departments.slice(0, 1).map((department) => ['DELETE', `/api/departments/${department.id}`]),
      ['PUT', `/api/hospitals/${here}`, { name: `${name} Taken` }, hospitalMatch],
      ['PUT', `/api/doctors/${ours.id}/schedule`, { shifts: [] }, match],
      ['POST', `/api/doctors/${ours.id}/exceptions`, { kind: 'leave', on: dateIn(5) }],
      ['GET', `/api/doctors/${ours.id}/queue/ledger`],
      ['POST', '/api/appointments', { ...wish, starts_at: slot.ends_at }],
    ];
    for (const [method, target, body, headers] of reaches) {
      for (const [role, token] of Object.entries(strangers)) {
        const reply = await world.api(method, target, body, token, headers);
        assert.ok(
          [401, 403, 404, 422].includes(reply.status),
          `${method} ${target} as ${role}: ${reply.status} ${reply.text}`,
        );
        isProblem(reply, reply.status);
      }
    }

    assert.equal(isOk(await world.api('GET', `/api/appointments/${booked.id}`, undefined, desk), 200).status, 'booked');
    assert.equal(isOk(await world.api('GET', `/api/holds/${held.id}`, undefined, owner.token), 200).status, 'pending');
    assert.equal(
      (await world.api('GET', `/api/doctors/${ours.id}/schedule`, undefined, platform)).headers.etag,
      schedule.headers.etag,
    );
    assert.equal(isOk(await world.api('GET', `/api/hospitals/${here}`), 200).name, name);
    for (const role of staffRoles) {
      for (const target of ['/api/appointments', '/api/patients', '/api/users']) {
        const reply = await world.api('GET', target, undefined, strangers[role]);
        if (reply.status === 403) continue;
        const rows = isOk(reply, 200).items;
        for (const row of rows) {
          if (row.hospital_id) assert.equal(row.hospital_id, elsewhere, `${target} as ${role}`);
          assert.ok(
            ![walkIn.id, deskUser].includes(row.id) || target === '/api/appointments',
            `${target} as ${role} shows ${row.id}`,
          );
        }
      }
    }
  });
});
