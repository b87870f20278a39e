// What docs/security.md promises and no other test proves: over every operation of the document where it can be.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem } from '../lib/expect.mjs';
import { psql } from '../lib/postgres.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

const cookiesOf = (reply) => reply.headers['set-cookie'].map((line) => line.split(';')[0]).join('; ');

onEachEngine('security', (engine) => {
  let world, operations;
  const query = (sql) =>
    engine === 'sqlite'
      ? execFileSync('sqlite3', ['-bail', path.join(world.data, 'fairward.db'), sql], { encoding: 'utf8' })
      : psql(world.url, sql);
  const browser = async (who) => {
    const opened = await world.api('POST', '/api/session', { login: who.login, password: who.password });
    const { csrf_token } = isOk(opened, 201);
    const host = `127.0.0.1:${world.port}`;
    return { cookie: cookiesOf(opened), csrf: csrf_token, own: { origin: `http://${host}`, host } };
  };
  const filled = (target) => target.replace(/\{\w+\}/g, '1');

  before(async () => {
    world = await start({ engine, settings: { 'log.level': 'debug' } });
    const { paths } = isOk(await world.api('GET', '/openapi.json'), 200);
    operations = Object.entries(paths).flatMap(([target, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation?.operationId)
        .map(([method, operation]) => ({ method: method.toUpperCase(), target, ...operation })),
    );
  });
  after(() => world?.stop());

  test('passwords are kept as argon2id of at least 19 MiB, and nothing of them is readable', async () => {
    const patient = await world.patient();
    const hashes = query('SELECT hash FROM identity_password').split('\n').filter(Boolean);
    assert.ok(hashes.length > 0);
    for (const hash of hashes) {
      const [, memory, passes] =
        hash.match(/^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/) ?? assert.fail(hash.slice(0, 20));
      assert.ok(Number(memory) >= 19_456 && Number(passes) >= 2, hash.slice(0, 30));
      assert.ok(!hash.includes(patient.password));
    }
  });

  test('every change that a browser asks for needs the page’s own token and JSON', async () => {
    const admin = world.logins.find(({ role }) => role === 'platform_admin');
    const { cookie, csrf, own } = await browser(admin);
    const changing = operations.filter(({ method }) => method !== 'GET');
    assert.ok(changing.length > 60);
    const before = query('SELECT count(*) FROM platform_event');
    for (const { operationId, method, target } of changing) {
      const send = (headers) =>
        world.client.request(method, filled(target), {
          raw: '{}',
          headers: { cookie, 'content-type': 'application/json', ...headers },
        });
      const forged = [
        { ...own },
        { ...own, 'x-csrf-token': 'guess' },
        { host: own.host, origin: 'https://evil.example', 'x-csrf-token': csrf },
        { host: own.host, 'sec-fetch-site': 'cross-site', 'x-csrf-token': csrf },
      ];
      for (const headers of forged) {
        const reply = await send(headers);
        // Who is not known by the cookie then may still do what anyone may: signing in and up.
        const where = `${operationId} with ${JSON.stringify(headers)}: ${reply.status} ${reply.text.slice(0, 200)}`;
        assert.ok(reply.status === 403 || (reply.status >= 400 && reply.status < 500), where);
        if (reply.status === 403) isProblem(reply, 403);
      }
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const reply = await send({ ...own, 'x-csrf-token': csrf, 'content-type': type });
        assert.ok(reply.status >= 400 && reply.status < 500, `${operationId} as ${type}: ${reply.status}`);
      }
    }
    assert.equal(query('SELECT count(*) FROM platform_event'), before, 'nothing came to pass');
  });

  test('what is not for everybody is kept by no cache, and read as nothing but what it says it is', async () => {
    const admin = await world.staff('platform_admin');
    for (const { operationId, method, target } of operations) {
      if (method !== 'GET' || operationId === 'event_stream') continue;
      const { status, headers } = await world.api('GET', filled(target), undefined, admin);
      assert.ok(status < 500, operationId);
      assert.equal(headers['x-content-type-options'], 'nosniff', operationId);
      assert.match(headers['cache-control'] ?? '', /no-store|no-cache/, operationId);
      assert.equal(headers['access-control-allow-origin'], undefined, operationId);
    }
    const { headers } = await world.api('GET', '/api/me', undefined, admin);
    assert.equal(headers['cache-control'], 'no-store');
  });

  test('no other site may read an answer, whatever it asks', async () => {
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${world.port}.evil.example`]) {
      const { headers } = await world.api('OPTIONS', '/api/me', undefined, undefined, {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      });
      for (const name of Object.keys(headers)) assert.ok(!name.startsWith('access-control-'), name);
    }
  });

  test('a session is of nobody else: not before the login, not after the logout', async () => {
    const patient = await world.patient();
    const planted = 'fw_session=planted-by-somebody-else';
    const opened = await world.api(
      'POST',
      '/api/session',
      { login: patient.login, password: patient.password },
      undefined,
      { cookie: planted },
    );
    isOk(opened, 201);
    assert.ok(!cookiesOf(opened).includes('planted'));
    isProblem(await world.api('GET', '/api/me', undefined, undefined, { cookie: planted }), 401);
    const again = await browser(patient);
    assert.notEqual(cookiesOf(opened), again.cookie, 'each login has a session of its own');
    const headers = { ...again.own, cookie: again.cookie, 'x-csrf-token': again.csrf };
    isOk(await world.api('DELETE', '/api/session', undefined, undefined, headers), 204);
    isProblem(await world.api('GET', '/api/me', undefined, undefined, { cookie: again.cookie }), 401);
  });

  test('a login that is known and one that is not are refused alike', async () => {
    const patient = await world.patient();
    const ask = async (login) => {
      const { status, body, headers } = await world.api('POST', '/api/auth/login', { login, password: 'not this one' });
      const { request_id, ...said } = body;
      assert.ok(request_id);
      return { status, said, names: Object.keys(headers).sort() };
    };
    assert.deepEqual(await ask(patient.login), await ask('nobody.at.all@example.org'));
    assert.deepEqual(await ask(patient.login), await ask(' '));
  });

  test('the file of the key is the program’s own, and a short key is refused', () => {
    assert.equal(fs.statSync(path.join(world.data, 'signing.key')).mode & 0o077, 0);
    const short = commandResult(['config', 'check', '--identity.signing_key=short']);
    assert.notEqual(short.status, 0);
  });

  test('neither the log, the metrics nor the list of errors has anything of a person or a secret', async () => {
    const canaries = { name: 'Perpetua Zimmerwald', phone: '+919876501234', password: 'quokka-quokka-quokka-7' };
    const body = { role: 'patient', ...canaries, email: 'perpetua.zimmerwald@example.org' };
    const reply = await world.api('POST', '/api/auth/register', body);
    const { access_token, refresh_token, user } = isOk(reply, 201);
    const desk = await world.staff('front_desk');
    await world.api('GET', `/api/patients?name=${encodeURIComponent(canaries.name)}`, undefined, desk);
    await world.api('POST', '/api/auth/login', { login: 'perpetua.zimmerwald@example.org', password: 'wrong quokka' });
    await world.api('POST', '/api/auth/login', { login: 'perpetua\r\nX-Evil: quokka', password: canaries.password });
    await world.api('POST', '/api/auth/refresh', { refresh_token: `${refresh_token}x` });
    await world.api('PUT', '/api/me', { name: 'Perpetua Zimmerwald the Second' }, access_token);
    await world.api('GET', `/api/patients/${user.id}`, undefined, `${access_token}x`);
    await world.api('GET', '/api/nothing/Perpetua', undefined, access_token, { 'x-request-id': 'quokka\tquokka' });
    await sleep(1500);
    const admin = await world.staff('platform_admin');
    const places = {
      log: fs.readFileSync(world.server.log, 'utf8'),
      metrics: (await world.api('GET', '/metrics')).text,
      errors: (await world.api('GET', '/api/errors', undefined, admin)).text,
      record: (await world.api('GET', '/api/audit/records?limit=200', undefined, admin)).text,
    };
    const words = ['Perpetua', 'Zimmerwald', 'perpetua', '9876501234', 'quokka', access_token, refresh_token];
    for (const [place, text] of Object.entries(places))
      for (const word of words) assert.ok(!text.includes(word), `${place} has ${word}`);
  });
});
