// Who may read the record of who did what, what of it, and that what was refused is in it: bounded, without secrets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

onEachEngine('the audit record over HTTP', (engine) => {
  let world, patient, stranger, admin, hospitalAdmin, doctor, adminId, hospital;
  const read = (query, token = admin) => world.api('GET', `/api/audit/records?${query}`, undefined, token);
  const records = async (query, token) => isOk(await read(query, token), 200).items;
  const until = async (query, isThere) => {
    for (let tries = 0; tries < 60; ++tries) {
      const items = await records(query);
      if (isThere(items)) return items;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.fail(`never in the record: ${query}: ${JSON.stringify(await records('outcome=refused'))}`);
  };
  const login = (name, password, headers) =>
    world.api('POST', '/api/auth/login', { login: name, password }, undefined, headers);

  before(async () => {
    world = await start({ engine, settings: { 'limits.login_failures_per_minute': 10 } });
    [patient, stranger] = [await world.patient(), await world.patient()];
    admin = await world.staff('platform_admin');
    hospitalAdmin = await world.staff('hospital_admin');
    doctor = await world.staff('doctor');
    const me = async (token) => isOk(await world.api('GET', '/api/me', undefined, token), 200);
    adminId = (await me(admin)).id;
    hospital = (await me(hospitalAdmin)).hospital_id;
  });
  after(() => world?.stop());

  test('a login that fails is on record: against whom, from where, how often, not what was typed', async () => {
    const mine = `p1.${world.tag}@example.org`;
    for (let i = 0; i < 6; ++i) isProblem(await login(mine, `Zanzibar ${i}`), 401, 'identity.login_failed');
    isProblem(await login('nobody.zanzibar@example.org', 'Zanzibar 9'), 401, 'identity.login_failed');
    const [first] = await until(`outcome=refused&actor=${patient.id}`, (items) => items.length > 0);
    assert.deepEqual(
      [first.operation, first.problem, first.account, first.address, first.role, first.actor],
      ['login_create', 'identity.login_failed', patient.id, '127.0.0.1', 'anyone', undefined],
    );
    const all = await until('outcome=refused&operation=login_create', (items) => items.some((i) => !i.account));
    const tries = all.filter(({ account }) => account === patient.id);
    // Alike in a minute: the first of it, and how often it came again.
    assert.ok(tries.length <= 4, JSON.stringify(tries));
    assert.doesNotMatch(JSON.stringify(all), /zanzibar/i);
  });

  test('a lockout is on record', async () => {
    const mine = `p2.${world.tag}@example.org`;
    let last;
    for (let i = 0; i < 40 && last?.status !== 429; ++i) last = await login(mine, `wrong ${i}`);
    isProblem(last, 429);
    await until('outcome=refused&operation=login_create', (items) =>
      items.some(({ problem }) => problem === 'identity.login_throttled'),
    );
  });

  test('who reaches for what belongs to others is on record, of a path nothing but numbers', async () => {
    isProblem(await world.api('GET', `/api/patients/${patient.id}`, undefined, stranger.token), 404);
    isProblem(await world.api('GET', '/api/users', undefined, stranger.token), 403, 'request.right_missing');
    isProblem(await world.api('GET', `/api/patients/${patient.id}/timeline`, undefined, doctor), 404);
    isProblem(await world.api('GET', '/api/users', undefined, 'no-token'), 401);
    const found = await until(
      `outcome=refused&actor=${stranger.id}`,
      (items) => items.filter(({ actor }) => actor === stranger.id).length >= 2,
    );
    const told = found.filter(({ actor }) => actor === stranger.id).map((r) => [r.operation, r.problem, r.on]);
    assert.ok(
      told.some(([op, , on]) => op === 'patient_get' && on === `/api/patients/${patient.id}`),
      JSON.stringify(told),
    );
    assert.ok(told.some(([op, problem]) => op === 'user_list' && problem === 'request.right_missing'));
    await until('outcome=refused', (items) =>
      items.some(({ role, on }) => role === 'doctor' && on === `/api/patients/${patient.id}/timeline`),
    );
    await until('outcome=refused', (items) => items.some(({ problem }) => problem === 'identity.token_invalid'));
    // Who is not signed in and looks at a page is not: that is no try.
    await world.api('GET', '/api/me');
    assert.ok((await records('outcome=refused')).every(({ problem }) => problem !== 'request.login_required'));
  });

  test('a storm of refusals is a few lines', async () => {
    const count = async () => (await records('outcome=refused&operation=error_list&limit=200')).length;
    await Promise.all(Array.from({ length: 400 }, () => world.api('GET', '/api/errors', undefined, patient.token)));
    await until('outcome=refused&operation=error_list', (items) => items.length > 0);
    assert.ok((await count()) <= 4, `${await count()} lines of 400`);
  });

  test('who read about whom is found by patient, by actor, by operation and by time', async () => {
    const begun = new Date(Date.now() - 1000).toISOString();
    isOk(await world.api('GET', `/api/patients/${stranger.id}`, undefined, admin), 200);
    const byPatient = await records(`patient=${stranger.id}`);
    assert.equal(byPatient[0].operation, 'patient_get');
    assert.deepEqual(
      [byPatient[0].actor, byPatient[0].patients, byPatient[0].outcome],
      [adminId, [stranger.id], 'done'],
    );
    assert.ok(byPatient[0].actor_name.length > 0);
    for (const query of [`actor=${adminId}&operation=patient_get`, `operation=patient_get&from=${begun}`]) {
      const items = await records(query);
      assert.ok(items.length > 0, query);
      assert.ok(
        items.every(({ operation }) => operation === 'patient_get'),
        query,
      );
    }
    assert.deepEqual(await records(`operation=patient_get&to=${new Date(Date.now() - 3_600_000).toISOString()}`), []);
    // What patients do themselves is found by them as the actor.
    const own = await records(`actor=${stranger.id}&patient=${stranger.id}`);
    assert.ok(own.every(({ actor }) => actor === stranger.id));
    for (const faulty of ['cursor=1.2', 'cursor=x', 'outcome=maybe', 'actor=-1', 'limit=0', 'limit=201', 'from=now'])
      isProblem(await read(faulty), 422);
  });

  test('pages go on where they ended, and meet each line once', async () => {
    const seen = [];
    let cursor = '';
    for (let page = 0; page < 200; ++page) {
      const answer = isOk(
        await read(`limit=7&to=${encodeURIComponent(new Date(Date.now() - 500).toISOString())}${cursor}`),
        200,
      );
      seen.push(...answer.items);
      if (!answer.next) break;
      assert.ok(Date.parse(answer.looked_back_to) <= Date.parse(answer.items.at(-1)?.at ?? answer.looked_back_to));
      cursor = `&cursor=${answer.next}`;
    }
    assert.ok(seen.length > 20);
    assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length);
    const times = seen.map(({ at }) => Date.parse(at));
    assert.deepEqual(
      times,
      [...times].sort((a, b) => b - a),
    );
  });

  test('reading the record is on record, whatever was found', async () => {
    await records('operation=nothing_of_the_kind');
    const own = await records(`actor=${adminId}&operation=audit_record_list`);
    assert.ok(own.length > 0);
    assert.equal(own[0].on, '/api/audit/records');
  });

  test('a hospital reads what happened at it, and others read nothing', async () => {
    isOk(await world.api('POST', '/api/patients', { name: 'Walk In' }, await world.staff('front_desk')), 201);
    const items = await records('limit=200', hospitalAdmin);
    assert.ok(items.length > 0);
    assert.ok(
      items.every(({ hospital_id }) => hospital_id === hospital),
      JSON.stringify(items.find((i) => i.hospital_id !== hospital)),
    );
    const foreign = await records(`actor=${adminId}`, hospitalAdmin);
    assert.deepEqual(foreign, []);
    for (const role of ['patient', 'doctor', 'front_desk', 'ward_admin'])
      isProblem(await read('', await world.staff(role)), 403, 'request.right_missing');
    isProblem(await world.api('GET', '/api/audit/records'), 401);
  });

  test('why somebody was refused is told by the table that decides', async () => {
    const rules = async (query) => isOk(await world.api('GET', `/api/audit/rules?${query}`, undefined, admin), 200);
    const denied = await rules(`user_id=${patient.id}&operation=user_list`);
    assert.equal(denied.role, 'patient');
    const { is_allowed, reason, scope, roles, path } = denied.items[0];
    assert.deepEqual([is_allowed, reason, scope, path], [false, 'right_missing', 'none', '/api/users']);
    assert.ok(roles.includes('platform_admin') && !roles.includes('patient'));
    const allowed = (await rules(`user_id=${patient.id}&operation=hold_create`)).items[0];
    assert.deepEqual([allowed.is_allowed, allowed.reason, allowed.scope], [true, 'right', 'own']);
    const all = await rules(`user_id=${adminId}`);
    assert.ok(all.items.length > 100);
    isProblem(
      await world.api('GET', `/api/audit/rules?user_id=999999999`, undefined, admin),
      404,
      'audit.user_not_found',
    );
    isProblem(
      await world.api('GET', `/api/audit/rules?user_id=${adminId}&operation=fly`, undefined, admin),
      404,
      'audit.operation_not_found',
    );
    isProblem(await world.api('GET', `/api/audit/rules?user_id=${adminId}`, undefined, hospitalAdmin), 403);
    // It tells what happens: of every read that names nothing, whether a patient may.
    const told = (await rules(`user_id=${patient.id}`)).items.filter(
      ({ method, path }) => method === 'GET' && !path.includes('{'),
    );
    for (const { operation, path, is_allowed } of told.filter(({ operation }) => operation !== 'event_stream')) {
      const { status } = await world.api('GET', path, undefined, patient.token);
      assert.equal(status === 403, !is_allowed, `${operation} ${status}`);
    }
  });

  test('it is exported as FHIR R4 AuditEvents', () => {
    const places = [`--database.url=${world.url}`, `--data.folder=${world.data}`];
    const result = commandResult(['audit', 'export', '--fhir', ...places]);
    assert.equal(result.status, 0, result.error);
    const events = result.out.split('\n').filter(Boolean).map(JSON.parse);
    assert.ok(events.length > 30);
    for (const event of events) {
      assert.equal(event.resourceType, 'AuditEvent');
      assert.match(event.id, /^[A-Za-z0-9.-]{1,64}$/);
      assert.match(event.recorded, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      for (const coding of [event.type, ...event.subtype, ...event.source.type])
        assert.ok(coding.system && coding.code);
      assert.match(event.action, /^[CRUDE]$/);
      assert.match(event.outcome, /^(0|4|8|12)$/);
      assert.ok(event.agent.length > 0 && event.agent.every(({ requestor }) => typeof requestor === 'boolean'));
      assert.ok(event.source.observer.display);
      for (const { what, type, role } of event.entity ?? [])
        assert.ok((what.reference || what.identifier || what.display) && type.code && role.code);
      const known = [
        'resourceType',
        'id',
        'type',
        'subtype',
        'action',
        'recorded',
        'outcome',
        'outcomeDesc',
        'purposeOfEvent',
        'agent',
        'source',
        'entity',
      ];
      assert.deepEqual(
        Object.keys(event).filter((name) => !known.includes(name)),
        [],
      );
    }
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    const failed = events.find((event) => event.outcomeDesc?.startsWith('identity.login_failed'));
    assert.deepEqual([failed.type.code, failed.outcome], ['110114', '4']);
    const about = events.find((event) => event.entity?.some(({ what }) => what.reference === `Patient/${stranger.id}`));
    assert.ok(about);
  });

  test('its indexes are proved, and made anew', () => {
    const places = [`--database.url=${world.url}`, `--data.folder=${world.data}`];
    for (const args of [['verify'], ['index'], ['verify']]) {
      const result = commandResult(['audit', ...args, ...places]);
      assert.equal(result.status, 0, result.error);
    }
  });
});
