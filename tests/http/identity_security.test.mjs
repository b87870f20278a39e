// Second factor, sessions, passwords: what a person does to keep the account, and what nobody else can do to it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { inbox } from '../lib/inbox.mjs';
import { onEachEngine, start } from '../lib/server.mjs';
import { totp } from '../lib/totp.mjs';

onEachEngine('sign-in and security', (engine) => {
  let world, messages;
  let last = 0;
  before(async () => {
    world = await start({ engine, settings: { 'identity.sandbox_messages': true } });
    messages = inbox(world);
  });
  after(() => world?.stop());

  const as = (token) => (method, target, body) => world.api(method, target, body, token);
  const logIn = (login, password, code) => world.api('POST', '/api/auth/login', { login, password, code });
  const wrong = (code) => (code === '000000' ? '000001' : '000000');
  async function staff(role = 'front_desk') {
    const admin = await world.staff('platform_admin');
    const hospital_id = world.logins.find((entry) => entry.hospital_id)?.hospital_id;
    const login = `staff.${engine}.${++last}`;
    const password = `correct horse ${last} desk`;
    const { id } = isOk(
      await world.api('POST', '/api/users', { role, name: 'Staff Member', login, password, hospital_id }, admin),
      201,
    );
    return { id, login, password, token: await world.login(login, password) };
  }
  // Leaves the step that a code was taken of, so that the next one is not refused as used.
  async function enrolled() {
    const person = await staff();
    const { secret, uri } = isOk(await as(person.token)('POST', '/api/me/second-factor'), 200);
    assert.ok(uri.includes(secret) && uri.startsWith('otpauth://totp/Fairward:Staff%20Member?'));
    const { codes } = isOk(await as(person.token)('PUT', '/api/me/second-factor', { code: totp(secret, -1) }), 200);
    return { ...person, secret, codes };
  }

  test('an authenticator that others wrote makes the codes that we take', async () => {
    const person = await staff();
    const me = as(person.token);
    const { secret, uri } = isOk(await me('POST', '/api/me/second-factor'), 200);
    // What an app reads from the picture: algorithm, digits and period, where they are said, are what it assumes.
    const told = new URL(uri).searchParams;
    assert.deepEqual(
      ['algorithm', 'digits', 'period']
        .map((name) => told.get(name))
        .filter((value, i) => value !== null && value !== ['SHA1', '6', '30'][i]),
      [],
    );
    const code = (at) =>
      execFileSync('oathtool', ['--totp', '--base32', `--now=@${at}`, told.get('secret')], { encoding: 'utf8' }).trim();
    const now = Math.floor(Date.now() / 1000);
    isOk(await me('PUT', '/api/me/second-factor', { code: code(now - 30) }), 200);
    isProblem(await logIn(person.login, person.password, code(now - 90)), 401, 'identity.second_factor_wrong');
    isOk(await logIn(person.login, person.password, code(now)), 200);
    assert.equal(told.get('secret'), secret);
  });

  test('a second factor is asked for once it was confirmed', async () => {
    const person = await staff();
    const me = as(person.token);
    assert.equal(isOk(await me('GET', '/api/me/second-factor'), 200).since, undefined);
    isProblem(await me('PUT', '/api/me/second-factor', { code: '123456' }), 409, 'identity.second_factor_not_begun');
    isOk(await me('POST', '/api/me/second-factor'), 200);
    const { secret } = isOk(await me('POST', '/api/me/second-factor'), 200); // begun anew: the first is void
    isOk(await logIn(person.login, person.password), 200);
    isProblem(await me('PUT', '/api/me/second-factor', { code: wrong(totp(secret)) }), 401);
    const { codes } = isOk(await me('PUT', '/api/me/second-factor', { code: totp(secret, -1) }), 200);
    assert.equal(new Set(codes).size, 10);
    const state = isOk(await me('GET', '/api/me/second-factor'), 200);
    assert.ok(state.since);
    assert.equal(state.recovery_codes_left, 10);
    isProblem(await me('POST', '/api/me/second-factor'), 409, 'identity.second_factor_enrolled');

    isProblem(await logIn(person.login, person.password), 401, 'identity.second_factor_needed');
    isProblem(await logIn(person.login, 'not the password', totp(secret)), 401, 'identity.login_failed');
    const code = totp(secret);
    isOk(await logIn(person.login, person.password, code), 200);
    isProblem(await logIn(person.login, person.password, code), 401, 'identity.second_factor_wrong');
    isProblem(await logIn(person.login, person.password, totp(secret, -1)), 401, 'identity.second_factor_wrong');
    const browser = await world.api('POST', '/api/session', {
      login: person.login,
      password: person.password,
      code: totp(secret, 1),
    });
    isOk(browser, 201);
  });

  test('of the same code sent many times at once one gets in', async () => {
    const person = await enrolled();
    const code = totp(person.secret);
    const replies = await Promise.all(Array.from({ length: 5 }, () => logIn(person.login, person.password, code)));
    assert.equal(replies.filter((reply) => reply.status === 200).length, 1);
  });

  test('a recovery code opens once, in any way of writing', async () => {
    const person = await enrolled();
    const typed = person.codes[0].toLowerCase().replaceAll('-', ' ');
    isOk(await logIn(person.login, person.password, typed), 200);
    isProblem(await logIn(person.login, person.password, person.codes[0]), 401, 'identity.second_factor_wrong');
    assert.equal(isOk(await as(person.token)('GET', '/api/me/second-factor'), 200).recovery_codes_left, 9);
    const other = await enrolled();
    isProblem(await logIn(other.login, other.password, person.codes[1]), 401, 'identity.second_factor_wrong');
    const renew = { code: person.codes[1] };
    const { codes } = isOk(await as(person.token)('POST', '/api/me/second-factor/recovery-codes', renew), 200);
    isProblem(await logIn(person.login, person.password, person.codes[2]), 401);
    isOk(await logIn(person.login, person.password, codes[0]), 200);
  });

  test('guesses at the second factor grow slow, and only for who has the password', async () => {
    const person = await enrolled();
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => logIn(person.login, person.password, wrong(totp(person.secret)))),
    );
    assert.equal(replies.filter((reply) => reply.body.code === 'identity.second_factor_wrong').length, 5);
    const refused = replies.find((reply) => reply.status === 429);
    isProblem(refused, 429, 'identity.second_factor_throttled');
    assert.ok(Number(refused.headers['retry-after']) <= 30);
    isProblem(await logIn(person.login, person.password, totp(person.secret)), 429);
    const other = await enrolled();
    for (let i = 0; i < 10; i++) isProblem(await logIn(other.login, 'not the password', '000000'), 401);
    isOk(await logIn(other.login, other.password, totp(other.secret)), 200);
  });

  test('it is removed by a code of it, or by an administrator of the own hospital', async () => {
    const person = await enrolled();
    const remove = (code) => as(person.token)('POST', '/api/me/second-factor/removal', { code });
    isProblem(await remove(wrong(totp(person.secret))), 401);
    isOk(await remove(totp(person.secret)), 204);
    isOk(await logIn(person.login, person.password), 200);
    const second = await enrolled();
    const target = `/api/users/${second.id}/second-factor`;
    isProblem(await as(person.token)('DELETE', target), 403);
    isOk(await as(await world.staff('hospital_admin'))('DELETE', target), 204);
    isOk(await logIn(second.login, second.password), 200);
    isProblem(await as(second.token)('GET', '/api/me'), 401);
    const platform = isOk(await as(await world.staff('platform_admin'))('GET', '/api/me'), 200);
    isProblem(await as(await world.staff('hospital_admin'))('DELETE', `/api/users/${platform.id}/second-factor`), 404);
  });

  test('sessions are listed, and end one by one or all others at once', async () => {
    const patient = await world.patient();
    const second = await world.login(patient.login, patient.password);
    const third = await world.login(patient.login, patient.password);
    const list = isOk(await as(patient.token)('GET', '/api/me/sessions'), 200).items;
    assert.equal(list.length, 3);
    assert.equal(list.filter((one) => one.is_current).length, 1);
    const stranger = await world.patient();
    const theirs = isOk(await as(third)('GET', '/api/me/sessions'), 200).items.find((one) => one.is_current);
    isProblem(await as(stranger.token)('DELETE', `/api/me/sessions/${theirs.id}`), 404);
    isOk(await as(patient.token)('DELETE', `/api/me/sessions/${theirs.id}`), 204);
    isProblem(await as(third)('GET', '/api/me'), 401);
    isProblem(await as(patient.token)('DELETE', `/api/me/sessions/${theirs.id}`), 404);
    isOk(await as(second)('DELETE', '/api/me/sessions'), 204);
    isProblem(await as(patient.token)('GET', '/api/me'), 401);
    isOk(await as(second)('GET', '/api/me'), 200);
  });

  test('a password is changed by who knows it; the other sessions end', async () => {
    const patient = await world.patient();
    const other = await world.login(patient.login, patient.password);
    const change = (old_password, password) => as(patient.token)('PUT', '/api/me/password', { old_password, password });
    pointsAt(await change('not the password', 'a wholly new sentence'), '/old_password');
    pointsAt(await change(undefined, 'a wholly new sentence'), '/old_password');
    for (const weak of [
      'short',
      'password123',
      patient.login,
      'aaaaaaaaaaaa',
      'hospital123',
      'abcdefghij',
      '9876543210',
    ])
      pointsAt(await change(patient.password, weak), '/password');
    isOk(await change(patient.password, 'a wholly new sentence'), 204);
    isProblem(await as(other)('GET', '/api/me'), 401);
    isOk(await as(patient.token)('GET', '/api/me'), 200);
    isProblem(await logIn(patient.login, patient.password), 401);
    isOk(await logIn(patient.login, 'a wholly new sentence'), 200);
  });

  test('a forgotten password is chosen anew by the link that was sent', async () => {
    const patient = await world.patient();
    const ask = (login) => world.api('POST', '/api/auth/password/resets', { login });
    const choose = (token, password = 'chosen by the link') =>
      world.api('PUT', '/api/auth/password', { token, password });
    const known = await ask(patient.login);
    const unknown = await ask(`nobody.${engine}@example.org`);
    assert.equal(isOk(known, 202).status, isOk(unknown, 202).status);
    assert.deepEqual(Object.keys(known.body), Object.keys(unknown.body));
    const { secret, email } = await messages.until((m) => m.kind === 'password_reset' && m.person === patient.id);
    assert.equal(email, patient.login);
    pointsAt(await choose(secret, 'short'), '/password');
    const [id, letters] = secret.split('.');
    for (const token of [`${Number(id) + 1}.${letters}`, `${id}.${letters.slice(1)}`, '', 'x', `${id}.`, '1.é'])
      isProblem(await choose(token), 422, 'identity.link_wrong');
    const replies = await Promise.all(Array.from({ length: 5 }, () => choose(secret)));
    assert.equal(replies.filter((reply) => reply.status === 204).length, 1);
    isProblem(await as(patient.token)('GET', '/api/me'), 401);
    isProblem(await logIn(patient.login, patient.password), 401);
    isOk(await logIn(patient.login, 'chosen by the link'), 200);
    // Who floods the owner with links sends no more than three.
    for (let i = 0; i < 10; i++) isOk(await ask(patient.login), 202);
    await sleep(300);
    assert.ok(messages.all().filter((m) => m.kind === 'password_reset' && m.person === patient.id).length <= 3);
  });
});

onEachEngine('staff that must have a second factor', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine, settings: { 'identity.second_factor_required': true } });
  });
  after(() => world?.stop());

  test('can do nothing but add one', async () => {
    const desk = await world.staff('front_desk');
    const call = (method, target, body) => world.api(method, target, body, desk);
    isProblem(await call('GET', '/api/patients'), 403, 'request.second_factor_missing');
    isProblem(await call('POST', '/api/patients', { name: 'X' }), 403, 'request.second_factor_missing');
    isOk(await call('GET', '/api/me'), 200);
    isOk(await call('GET', '/api/doctors?limit=1'), 200);
    assert.equal(isOk(await call('GET', '/api/me/second-factor'), 200).is_required, true);
    const { secret } = isOk(await call('POST', '/api/me/second-factor'), 200);
    isOk(await call('PUT', '/api/me/second-factor', { code: totp(secret) }), 200);
    isOk(await call('GET', '/api/patients'), 200);
    const patient = await world.patient();
    isOk(await world.api('GET', '/api/appointments', undefined, patient.token), 200);
  });
});
