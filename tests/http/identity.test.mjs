// People, logins, sessions, tokens: what the contract promises, from outside.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

const cookiesOf = (reply) => (reply.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
const cookieLine = (reply, name) => (reply.headers['set-cookie'] ?? []).find((line) => line.includes(name)) ?? '';

onEachEngine('identity', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine });
  });
  after(() => world?.stop());

  const register = (body) => world.api('POST', '/api/auth/register', body);

  test('a patient registers and is somebody at once', async () => {
    const reply = await register({
      role: 'patient',
      name: 'Asha Rao',
      phone: '+919800000001',
      password: 'long enough secret 1',
    });
    const { user, access_token, refresh_token, expires_in } = isOk(reply, 201);
    assert.equal(user.role, 'patient');
    assert.equal(user.status, 'active');
    assert.equal(user.name, 'Asha Rao');
    assert.ok(refresh_token && expires_in > 0);
    const me = isOk(await world.api('GET', '/api/me', undefined, access_token), 200);
    assert.equal((me.user ?? me).id, user.id);
  });

  test('the names of the documents answer the same', async () => {
    const body = { role: 'patient', name: 'Alias', logon_id: `alias-${engine}`, password: 'long enough secret 2' };
    isOk(await world.api('POST', '/auth/register', body), 201);
    isOk(await world.api('POST', '/auth/login', { login: body.logon_id, password: body.password }), 200);
  });

  test('a login name is taken once, however it is written', async () => {
    const body = { role: 'patient', name: 'One', email: 'Same.Person@Example.org', password: 'long enough secret 3' };
    isOk(await register(body), 201);
    isProblem(await register({ ...body, email: 'same.person@example.org' }), 409, 'identity.login_taken');
  });

  test('only patients and doctors register by themselves; doctors wait for approval', async () => {
    for (const role of ['front_desk', 'hospital_admin', 'platform_admin', 'system', 'anyone']) {
      const reply = await register({ role, name: 'X', logon_id: `grab-${role}`, password: 'long enough secret 4' });
      assert.ok([400, 422].includes(reply.status), `${role}: ${reply.status}`);
    }
    const reply = await register({
      role: 'doctor',
      name: 'Dr New',
      email: 'dr.new@example.org',
      password: 'long enough secret 5',
    });
    assert.equal(isOk(reply, 201).user.status, 'pending');
  });

  test("approval is an administrator's", async () => {
    const { user } = isOk(
      await register({ role: 'doctor', name: 'Dr Two', email: 'dr.two@example.org', password: 'long enough secret 6' }),
      201,
    );
    const patient = await world.patient();
    const target = `/api/users/${user.id}/approval`;
    isProblem(await world.api('PUT', target, { approved: true }), 401);
    assert.ok([403, 404].includes((await world.api('PUT', target, { approved: true }, patient.token)).status));
    const approved = await world.api('PUT', target, { approved: true }, await world.staff('platform_admin'));
    assert.ok(approved.status === 200 || approved.status === 204, approved.text);
    isOk(
      await world.api('POST', '/api/auth/login', { login: 'dr.two@example.org', password: 'long enough secret 6' }),
      200,
    );
  });

  test('fields are checked, all at once, with their pointers', async () => {
    const reply = await register({
      role: 'patient',
      name: '',
      email: 'x@example.org',
      password: 'long enough secret',
      colour: 'red',
    });
    pointsAt(reply, '/name');
    pointsAt(reply, '/colour');
    pointsAt(
      await register({ role: 'patient', name: 7, email: 'x@example.org', password: 'long enough secret' }),
      '/name',
    );
    pointsAt(
      await register({ role: 'king', name: 'X', email: 'x@example.org', password: 'long enough secret' }),
      '/role',
    );
    const weak = await register({ role: 'patient', name: 'X', email: 'weak@example.org', password: 'short' });
    isProblem(weak, 422);
    const huge = await register({
      role: 'patient',
      name: 'X',
      email: 'huge@example.org',
      password: 'x'.repeat(100_000),
    });
    assert.ok([400, 422].includes(huge.status), huge.text);
    isProblem(await world.api('POST', '/api/auth/login', { login: 'weak@example.org', password: 'short' }), 401);
  });

  test('a wrong password and an unknown name are answered alike', async () => {
    const patient = await world.patient();
    const wrong = await world.api('POST', '/api/auth/login', { login: patient.login, password: 'not the password' });
    const unknown = await world.api('POST', '/api/auth/login', {
      login: 'nobody@example.org',
      password: 'not the password',
    });
    isProblem(wrong, 401);
    isProblem(unknown, 401);
    assert.equal(wrong.body.code, unknown.body.code);
    assert.equal(wrong.body.title, unknown.body.title);
  });

  test('identify tells whether to ask for a password or for the rest', async () => {
    const patient = await world.patient();
    assert.equal(isOk(await world.api('POST', '/api/auth/identify', { login: patient.login }), 200).known, true);
    assert.equal(
      isOk(await world.api('POST', '/api/auth/identify', { login: 'unknown@example.org' }), 200).known,
      false,
    );
  });

  test('refresh tokens rotate, and an old one ends the family', async () => {
    const patient = await world.patient();
    const second = isOk(await world.api('POST', '/api/auth/refresh', { refresh_token: patient.refresh }), 200);
    assert.notEqual(second.refresh_token, patient.refresh);
    isOk(await world.api('GET', '/api/me', undefined, second.access_token), 200);
    isProblem(await world.api('POST', '/api/auth/refresh', { refresh_token: patient.refresh }), 401);
    isProblem(await world.api('POST', '/api/auth/refresh', { refresh_token: second.refresh_token }), 401);
  });

  test('logout ends the tokens', async () => {
    const patient = await world.patient();
    isOk(await world.api('POST', '/api/auth/logout', undefined, patient.token), 204);
    isProblem(await world.api('POST', '/api/auth/refresh', { refresh_token: patient.refresh }), 401);
  });

  test('tokens that are not ours', async () => {
    const patient = await world.patient();
    const [head, claims, signature] = patient.token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const otherClaims = Buffer.from(claims, 'base64url')
      .toString('utf8')
      .replace(/"sub":"?\d+"?/, '"sub":"1"');
    const forged = Buffer.from(otherClaims).toString('base64url');
    const flipped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
    const tokens = [
      'x',
      '',
      '..',
      `${none}.${claims}.`,
      `${head}.${forged}.${signature}`,
      `${head}.${claims}.${flipped}`,
      'a'.repeat(8000),
    ];
    for (const token of tokens) {
      const reply = await world.api('GET', '/api/me', undefined, undefined, { authorization: `Bearer ${token}` });
      isProblem(reply, 401);
    }
    isProblem(await world.api('GET', '/api/me', undefined, undefined, { authorization: 'Basic YTpi' }), 401);
    isProblem(await world.api('GET', '/api/me'), 401);
  });

  test('the keys that verify tokens are public, the others are not', async () => {
    const { keys } = isOk(await world.api('GET', '/api/auth/jwks'), 200);
    assert.ok(keys.length >= 1);
    for (const key of keys) {
      assert.equal(key.d, undefined);
      assert.equal(key.kty, 'OKP');
    }
  });

  test('a browser session: cookies, CSRF, end', async () => {
    const patient = await world.patient();
    const opened = await world.api('POST', '/api/session', { login: patient.login, password: patient.password });
    const { user, csrf_token } = isOk(opened, 201);
    assert.equal(user.id, patient.id);
    assert.match(cookieLine(opened, 'fw_session'), /HttpOnly/i);
    assert.match(cookieLine(opened, 'fw_session'), /SameSite=Lax/i);
    assert.doesNotMatch(cookieLine(opened, 'fw_csrf'), /HttpOnly/i);
    const cookie = cookiesOf(opened);
    const own = { origin: `http://127.0.0.1:${world.port}`, host: `127.0.0.1:${world.port}` };
    assert.equal(
      isOk(await world.api('GET', '/api/session', undefined, undefined, { cookie }), 200).user.id,
      patient.id,
    );
    isProblem(await world.api('DELETE', '/api/session', undefined, undefined, { cookie, ...own }), 403);
    const wrong = { cookie, ...own, 'x-csrf-token': 'guess' };
    isProblem(await world.api('DELETE', '/api/session', undefined, undefined, wrong), 403);
    const foreign = { cookie, ...own, origin: 'https://evil.example', 'x-csrf-token': csrf_token };
    isProblem(await world.api('DELETE', '/api/session', undefined, undefined, foreign), 403);
    isOk(
      await world.api('DELETE', '/api/session', undefined, undefined, { cookie, ...own, 'x-csrf-token': csrf_token }),
      204,
    );
    const later = await world.api('GET', '/api/me', undefined, undefined, { cookie });
    isProblem(later, 401);
  });

  test('nobody has a session too', async () => {
    assert.equal(isOk(await world.api('GET', '/api/session'), 200).user ?? null, null);
  });

  test('the front desk adds patients and finds those of its hospital', async () => {
    const desk = await world.staff('front_desk');
    const added = isOk(
      await world.api('POST', '/api/patients', { name: 'Walk In', phone: '+919811111111' }, desk),
      201,
    );
    assert.ok(added.id > 0);
    const found = isOk(await world.api('GET', '/api/patients?name=Walk', undefined, desk), 200);
    assert.ok(found.items.some((patient) => patient.id === added.id));
    isOk(await world.api('GET', `/api/patients/${added.id}`, undefined, desk), 200);
    const patient = await world.patient();
    isProblem(await world.api('GET', `/api/patients/${added.id}`, undefined, patient.token), 404);
    isOk(await world.api('GET', `/api/patients/${patient.id}`, undefined, patient.token), 200);
    isProblem(await world.api('POST', '/api/patients', { name: 'X' }, patient.token), 403);
  });

  test('administrators invite, within their rights', async () => {
    const admin = await world.staff('hospital_admin');
    const own = isOk(await world.api('GET', '/api/me', undefined, admin), 200);
    const hospital = (own.user ?? own).hospital_id;
    const body = {
      role: 'front_desk',
      name: 'New Desk',
      login: `desk-${engine}`,
      password: 'long enough secret 7',
      hospital_id: hospital,
    };
    isOk(await world.api('POST', '/api/users', body, admin), 201);
    assert.ok(await world.login(body.login, body.password));
    const above = await world.api(
      'POST',
      '/api/users',
      { ...body, login: `boss-${engine}`, role: 'platform_admin' },
      admin,
    );
    assert.ok([403, 422].includes(above.status), above.text);
    const elsewhere = await world.api(
      'POST',
      '/api/users',
      { ...body, login: `else-${engine}`, hospital_id: hospital + 1 },
      admin,
    );
    assert.ok([403, 404, 422].includes(elsewhere.status), elsewhere.text);
  });

  test('a disabled user is out at once', async () => {
    const patient = await world.patient();
    isOk(await world.api('GET', '/api/me', undefined, patient.token), 200);
    const done = await world.api(
      'PUT',
      `/api/users/${patient.id}/disabled`,
      { disabled: true },
      await world.staff('platform_admin'),
    );
    assert.ok([200, 204].includes(done.status), done.text);
    const after = await world.api('GET', '/api/me', undefined, patient.token);
    assert.ok([401, 403].includes(after.status), after.text);
    const login = await world.api('POST', '/api/auth/login', { login: patient.login, password: patient.password });
    assert.ok([401, 403].includes(login.status), login.text);
    isProblem(await world.api('POST', '/api/auth/refresh', { refresh_token: patient.refresh }), 401);
  });

  test('people and sessions survive a restart', async () => {
    const patient = await world.patient();
    await world.restart();
    isOk(await world.api('GET', '/api/me', undefined, patient.token), 200);
    isOk(await world.api('POST', '/api/auth/refresh', { refresh_token: patient.refresh }), 200);
  });
});
