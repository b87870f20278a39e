// The gateway of deploy/nginx, run by the real nginx: before nodes that only note what reaches them, and before two
// real ones over one PostgreSQL.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, pooled } from '../lib/client.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { configurationCheck, startGateway } from '../lib/nginx.mjs';
import { postgresMissing } from '../lib/postgres.mjs';
import { Child, flagsOf, freePort, start, until } from '../lib/server.mjs';

const api = JSON.parse(fs.readFileSync(new URL('../../openapi/api.json', import.meta.url), 'utf8'));
const operations = Object.entries(api.paths).flatMap(([target, item]) =>
  Object.entries(item)
    .filter(([, operation]) => operation.operationId)
    .map(([method, operation]) => ({
      method: method.toUpperCase(),
      target: target.replaceAll(/\{[a-z_]+\}/g, '7'),
      module: operation.tags[0],
      knowsKeys: (operation.parameters ?? []).some((parameter) => parameter.name === 'Idempotency-Key'),
    })),
);

// A node that notes each request and answers as told; 'break' reads the request and closes the connection.
async function fakeNode(name) {
  const node = { name, seen: [], answer: 'ok' };
  const server = http.createServer((request, response) => {
    node.seen.push({ method: request.method, target: request.url, headers: request.headers });
    request.resume().on('end', () => {
      if (node.answer === 'break') return request.socket.destroy();
      const answer = typeof node.answer === 'function' ? node.answer(request) : node.answer;
      const status = answer === 'ok' ? 200 : answer;
      response.writeHead(status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ code: `${name}.${status}` }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  node.port = server.address().port;
  node.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return node;
}

const who = (reply) => reply.body.code.split('.')[0];

describe('the gateway before nodes that note what reaches them', () => {
  let gateway;
  let client;
  let patient; // a gateway that never gives up a node: they fail on purpose here
  let patientClient;
  const nodes = [];
  before(async () => {
    for (const name of ['one', 'two', 'three']) nodes.push(await fakeNode(name));
    gateway = await startGateway({ nodes: nodes.map((node) => node.port) });
    patient = await startGateway({ nodes: nodes.map((node) => node.port), failsMax: 0 });
    client = new Client(gateway.port);
    patientClient = new Client(patient.port);
  });
  after(async () => {
    client?.close();
    patientClient?.close();
    await gateway?.stop();
    await patient?.stop();
    for (const node of nodes) await node.stop();
  });
  const seen = () => nodes.reduce((sum, node) => sum + node.seen.length, 0);
  // All nodes give the same answer to one request: how often was it sent?
  async function timesSent(answer, method, target, headers) {
    for (const node of nodes) node.answer = answer;
    const earlier = seen();
    const reply = await patientClient.request(method, target, { headers });
    for (const node of nodes) node.answer = 'ok';
    return { times: seen() - earlier, reply };
  }

  test('calls go round', async () => {
    const names = [];
    for (let i = 0; i < 12; i++) names.push(who(await client.request('GET', '/api/cities')));
    for (const node of nodes) assert.equal(names.filter((name) => name === node.name).length, 4, names.join(' '));
  });

  test('calls about one doctor meet on one node', async () => {
    const owners = new Set();
    for (let doctor = 1; doctor <= 24; doctor++) {
      const names = new Set();
      for (const target of [
        `/api/doctors/${doctor}/slots?from=2030-01-01`,
        `/api/doctors/${doctor}/slots`,
        `/api/doctors/${doctor}/schedule`,
        `/api/doctors/${doctor}`,
        `/api/events?topics=doctor/${doctor}`,
        `/api/events?topics=queue%2F${doctor},doctor%2F${doctor}`,
      ]) {
        names.add(who(await client.request('GET', target)));
      }
      for (const target of ['/api/holds', '/api/waits', '/api/appointments']) {
        const headers = { 'x-doctor': String(doctor) };
        names.add(who(await client.request('POST', target, { body: {}, headers })));
      }
      assert.equal(names.size, 1, `doctor ${doctor}: ${[...names]}`);
      owners.add([...names][0]);
    }
    assert.equal(owners.size, nodes.length, 'all nodes have doctors');
  });

  test('without a doctor, or with nonsense for one, calls go round', async () => {
    for (const headers of [{}, { 'x-doctor': '7x' }, { 'x-doctor': '9'.repeat(40) }, { 'x-doctor': '' }]) {
      const names = new Set();
      for (let i = 0; i < 6; i++) names.add(who(await client.request('POST', '/api/holds', { body: {}, headers })));
      assert.equal(names.size, nodes.length, JSON.stringify(headers));
    }
  });

  test('headers: what is the client’s passes, what is the gateway’s cannot be forged', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await client.request('POST', '/api/holds', {
      body: {},
      headers: {
        traceparent,
        'idempotency-key': 'k1',
        'if-match': '"3"',
        'x-request-id': 'my-call.1',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-proto': 'https',
        forwarded: 'for=6.6.6.6',
        'x-doctor': '5',
      },
    });
    const { headers } = nodes.map((node) => node.seen.at(-1)).find((one) => one?.headers.traceparent);
    assert.equal(headers.traceparent, traceparent);
    assert.equal(headers['idempotency-key'], 'k1');
    assert.equal(headers['if-match'], '"3"');
    assert.equal(headers['x-request-id'], 'my-call.1');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-proto'], 'http');
    assert.equal(headers.forwarded, undefined);
    assert.equal(headers.host, `127.0.0.1:${gateway.port}`);
    await client.request('GET', '/api/doctors/5', { headers: { 'x-request-id': 'no "id"' } });
    const fresh = nodes
      .flatMap((node) => node.seen)
      .filter((one) => /^[0-9a-f]{32}$/.test(one.headers['x-request-id']));
    assert.ok(fresh.length > 0, 'a request id of nginx');
  });

  test('what is sent again when a node breaks off, over the whole API', async () => {
    for (const { method, target, knowsKeys } of operations) {
      if (target === '/api/events') continue;
      for (const key of [undefined, 'key-1']) {
        const headers = key ? { 'idempotency-key': key } : {};
        const { times, reply } = await timesSent('break', method, target, headers);
        isProblem(reply, 503, 'server.unavailable');
        assert.equal(reply.headers['retry-after'], '1');
        const isRepeated = method !== 'POST' || (knowsKeys && key);
        assert.equal(times, isRepeated ? 3 : 1, `${method} ${target} key ${key}`);
      }
    }
  });

  test('503 of a node that starts is another node’s call; only where that is harmless', async () => {
    const cases = [
      ['GET', '/api/cities', {}, true],
      ['POST', '/api/holds', { 'idempotency-key': 'k' }, true],
      ['POST', '/api/holds', {}, false],
      ['POST', '/api/auth/login', { 'idempotency-key': 'k' }, false],
      ['PUT', '/api/appointments/7', {}, false],
    ];
    for (const [method, target, headers, isRepeated] of cases) {
      const { times, reply } = await timesSent(503, method, target, headers);
      assert.equal(reply.status, 503);
      assert.match(reply.body.code, /^(one|two|three)\.503$/, 'the node’s own words');
      assert.equal(times, isRepeated ? 3 : 1, `${method} ${target}`);
    }
  });

  test('refusals of the nodes pass untouched', async () => {
    for (const status of [400, 404, 409, 421, 429, 500]) {
      const { reply } = await timesSent(status, 'GET', '/api/cities');
      assert.equal(reply.status, status);
      assert.match(reply.body.code, new RegExp(`^(one|two|three)\\.${status}$`));
    }
  });

  test('a node that is gone costs nobody a call, and a new one is one line', async () => {
    const gone = await freePort();
    await gateway.nodes([gone, nodes[0].port]);
    for (let i = 0; i < 20; i++) {
      assert.equal(who(await client.request('POST', '/api/auth/login', { body: {} })), 'one', 'it was never sent');
    }
    await gateway.nodes([nodes[0].port, nodes[1].port]);
    const names = new Set();
    for (let i = 0; i < 8; i++) names.add(who(await client.request('GET', '/api/cities')));
    assert.deepEqual([...names].sort(), ['one', 'two']);
    await gateway.nodes(nodes.map((node) => node.port));
  });

  test('numbers stay inside, and what is malformed has the shape of all refusals', async () => {
    assert.equal((await client.request('GET', '/metrics')).status, 404);
    isProblem(await client.request('POST', '/api/holds', { raw: 'x'.repeat(1_100_000) }), 413, 'request.too_large');
    const text = await new Promise((resolve) => {
      const socket = net.connect(gateway.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      let bytes = '';
      socket.on('data', (chunk) => {
        bytes += chunk;
      });
      socket.on('close', () => resolve(bytes));
    });
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.match(text, /application\/problem\+json/);
    assert.match(text, /request\.malformed/);
  });

  test('a flood from one address gets 429 problem+json', async () => {
    await sleep(1000);
    const replies = await pooled(Array.from({ length: 2500 }), 100, () => client.request('GET', '/api/cities'));
    const refused = replies.filter((reply) => reply.status !== 200);
    assert.ok(refused.length > 100, `${refused.length} refused`);
    assert.ok(refused.length <= 2100, `${refused.length} refused: the burst is allowed`);
    for (const reply of refused) isProblem(reply, 429, 'request.rate_exceeded');
    assert.equal(refused[0].headers['retry-after'], '1');
    await sleep(2500);
    const logins = await pooled(Array.from({ length: 200 }), 50, () =>
      client.request('POST', '/api/auth/login', { body: {} }),
    );
    const loginsRefused = logins.filter((reply) => reply.status === 429).length;
    assert.ok(loginsRefused > 60 && loginsRefused <= 100, `${loginsRefused} logins refused`);
  });
});

describe('services of their own behind one gateway', () => {
  const table = fs.readFileSync(new URL('../../deploy/nginx/fairward/routes_services.conf', import.meta.url), 'utf8');
  const modulesOf = new Map(
    [...table.matchAll(/^# service ([a-z]+): --modules ([a-z,]+)$/gm)].map(([, name, list]) => [name, list.split(',')]),
  );
  let gateway;
  let client;
  const nodes = [];
  before(async () => {
    for (const name of modulesOf.keys()) nodes.push(await fakeNode(name), await fakeNode(name));
    const services = {};
    for (const node of nodes) services[node.name] = [...(services[node.name] ?? []), node.port];
    gateway = await startGateway({ services });
    client = new Client(gateway.port);
  });
  after(async () => {
    client?.close();
    await gateway?.stop();
    for (const node of nodes) await node.stop();
  });

  test('every path of the API reaches a service that has its module', async () => {
    assert.ok(modulesOf.size >= 4);
    const known = new Set(operations.map((operation) => operation.module));
    const served = new Set([...modulesOf.values()].flat());
    assert.deepEqual([...served].sort(), [...known].sort(), 'modules of the API and of the services');
    for (const { method, target, module } of operations) {
      const service = who(await client.request(method, target));
      assert.ok(modulesOf.get(service).includes(module), `${method} ${target} of ${module} went to ${service}`);
    }
    assert.equal(who(await client.request('POST', '/auth/login', { body: {} })), 'authentication');
    for (const page of ['/', '/docs', '/openapi.json', '/problems/server.busy'])
      assert.ok(who(await client.request('GET', page)), page);
  });

  test('the four services of the documents get what is theirs', async () => {
    const cases = {
      '/api/auth/jwks': 'authentication',
      '/api/session': 'authentication',
      '/api/doctors/search?keyword=heart': 'doctors',
      '/api/hospitals/3': 'doctors',
      '/api/doctors/3/slots': 'appointments',
      '/api/doctor/appointments': 'appointments',
      '/api/waits/1': 'appointments',
      '/api/events?topics=doctor/3': 'appointments',
      '/api/admin/doctors': 'administration',
      '/api/users': 'administration',
    };
    for (const [target, service] of Object.entries(cases))
      assert.equal(who(await client.request('GET', target)), service, target);
  });

  test('within its service a doctor’s calls meet on one node', async () => {
    const used = new Set();
    for (let doctor = 1; doctor <= 48; doctor++) {
      const counts = nodes.map((node) => node.seen.length);
      for (let i = 0; i < 2; i++) await client.request('GET', `/api/doctors/${doctor}/slots`);
      const more = nodes.map((node, i) => node.seen.length - counts[i]);
      assert.deepEqual(more.filter(Boolean), [2], `doctor ${doctor}`);
      used.add(more.indexOf(2));
    }
    assert.equal(used.size, 2);
  });
});

describe('cells of hospitals', () => {
  let gateway;
  let client;
  const nodes = {};
  // Cell a serves hospitals 12 and 17 and their doctor 5; the rest serves all else.
  const isOfCellA = (request) => request.headers['x-hospital'] === '12' || /\/(12|5)(\/|$)/.test(request.url);
  before(async () => {
    for (const name of ['a', 'rest']) nodes[name] = await fakeNode(name);
    nodes.a.answer = (request) => (isOfCellA(request) ? 'ok' : 421);
    nodes.rest.answer = (request) => (isOfCellA(request) ? 421 : 'ok');
    gateway = await startGateway({ cells: { a: [nodes.a.port], rest: [nodes.rest.port] } });
    client = new Client(gateway.port);
  });
  after(async () => {
    client?.close();
    await gateway?.stop();
    for (const node of Object.values(nodes)) await node.stop();
  });

  test('what names no doctor goes round within a cell', async () => {
    const second = await fakeNode('rest');
    const wide = await startGateway({ cells: { a: [nodes.a.port], rest: [nodes.rest.port, second.port] } });
    const wideClient = new Client(wide.port);
    for (let i = 0; i < 8; i++) isOk(await wideClient.request('GET', '/api/cities'), 200);
    wideClient.close();
    await wide.stop();
    assert.equal(second.seen.length, 4);
    await second.stop();
  });

  test('a call reaches the cell that serves it: at once when it names the hospital, else on 421', async () => {
    const cases = [
      ['GET', '/api/hospitals/12', {}, 'a', 1],
      ['GET', '/api/hospitals/3', {}, 'rest', 1],
      ['GET', '/api/cities', {}, 'rest', 1],
      ['GET', '/api/doctors/5/slots', {}, 'a', 2],
      ['GET', '/api/doctors/6/slots', {}, 'rest', 1],
      ['POST', '/api/holds/5/payments', {}, 'a', 2],
      ['POST', '/api/holds', { 'x-hospital': '12' }, 'a', 1],
      ['DELETE', '/api/holds/5', {}, 'a', 2],
    ];
    for (const [method, target, headers, cell, times] of cases) {
      const count = () => nodes.a.seen.length + nodes.rest.seen.length;
      const earlier = count();
      const body = method === 'POST' ? { a: 'body' } : undefined;
      const reply = await client.request(method, target, { headers, body });
      assert.equal(who(isOk(reply, 200) && reply), cell, target);
      assert.equal(count() - earlier, times, `${method} ${target}`);
      const last = nodes[cell].seen.at(-1);
      assert.deepEqual(
        [last.method, last.target, last.headers['content-length']],
        [method, target, body ? String(JSON.stringify(body).length) : undefined],
      );
    }
  });
});

describe('HTTPS', () => {
  let gateway;
  let node;
  let port;
  let folder;
  before(async () => {
    node = await fakeNode('one');
    port = await freePort();
    folder = fs.mkdtempSync(path.join(fs.realpathSync('/tmp'), 'fairward-tls-'));
    const [certificate, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'].concat([
        '-subj',
        '/CN=localhost',
        '-keyout',
        key,
        '-out',
        certificate,
      ]),
      { stdio: 'ignore' },
    );
    gateway = await startGateway({ nodes: [node.port], tls: { port, certificate, key } });
  });
  after(async () => {
    await gateway?.stop();
    await node?.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const call = (options) =>
    new Promise((resolve, reject) => {
      https
        .get({ host: '127.0.0.1', port, path: '/api/cities', rejectUnauthorized: false, ...options }, (reply) =>
          resolve({ status: reply.resume().statusCode, protocol: reply.socket.getProtocol() }),
        )
        .on('error', reject);
    });

  test('TLS 1.2 and 1.3 are spoken, older is not', async () => {
    assert.deepEqual(await call({}), { status: 200, protocol: 'TLSv1.3' });
    assert.deepEqual(await call({ maxVersion: 'TLSv1.2' }), { status: 200, protocol: 'TLSv1.2' });
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
    await assert.rejects(call(old));
    assert.equal(node.seen.at(-1).headers['x-forwarded-proto'], 'https');
  });

  test('nginx -t is content', () => {
    configurationCheck(gateway.folder);
  });
});

// Requests of a route that a node has answered, from its own numbers.
async function answered(port, route) {
  const reply = await new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path: '/metrics' }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve(text));
      })
      .on('error', reject);
  });
  return [...reply.matchAll(new RegExp(`^fairward_\\w*requests_total\\{[^}]*route="${route}"[^}]*\\} (\\d+)`, 'gm'))]
    .map((match) => Number(match[1]))
    .reduce((sum, count) => sum + count, 0);
}

describe('the gateway before two real nodes', { skip: postgresMissing || false }, () => {
  let world;
  let second;
  let secondPort;
  let gateway;
  let directClient;
  before(async () => {
    const port = await freePort();
    const settings = {
      'identity.signing_key': crypto.randomBytes(32).toString('base64url'),
      'http.trusted_proxies': '127.0.0.0/8',
      'billing.callback_url': `http://127.0.0.1:${port}/api/payments/webhook`,
    };
    world = await start({ engine: 'postgres', settings, demo: { cities: 1, doctors: 12 } });
    secondPort = await freePort();
    fs.mkdirSync(path.join(world.folder, 'data2'));
    await startSecond();
    gateway = await startGateway({ port, nodes: [world.port, secondPort] });
    world.client.close();
    world.client = new Client(gateway.port); // from here on everybody comes through the gateway
  });
  after(async () => {
    await gateway?.stop();
    await second?.end('SIGTERM');
    await world?.stop();
  });
  async function startSecond() {
    const data = path.join(world.folder, 'data2');
    second = new Child(
      ['serve', ...flagsOf({ ...world.settings, 'http.port': secondPort, 'data.folder': data })],
      path.join(world.folder, 'server2.log'),
      world.environment,
    );
    directClient = new Client(secondPort);
    await until('node 2', second, async () => (await directClient.request('GET', '/ready')).status === 200);
    directClient.close();
  }
  const ports = () => [world.port, secondPort];
  const counts = (route) => Promise.all(ports().map((port) => answered(port, route)));

  async function book(doctor, index) {
    const patient = await world.patient();
    const slots = await world.slots(doctor, { soonest: 3_600_000 });
    const key = `${world.tag}-${doctor}-${index}`;
    const headers = { 'x-doctor': String(doctor), 'idempotency-key': `hold-${key}` };
    const body = { doctor_id: doctor, starts_at: slots[index].starts_at };
    const hold = isOk(await world.api('POST', '/api/holds', body, patient.token, headers), 201);
    const target = `/api/holds/${hold.id}/payments`;
    const paying = { method: 'sandbox', outcome: 'success' };
    const paid = await world.api('POST', target, paying, patient.token, { 'idempotency-key': `pay-${key}` });
    return { patient, hold, paid };
  }

  test('calls go round, and a doctor’s stay together', async () => {
    const before = await counts('city_list');
    for (let i = 0; i < 20; i++) isOk(await world.api('GET', '/api/cities'), 200);
    const now = await counts('city_list');
    assert.deepEqual(
      now.map((count, i) => count - before[i]),
      [10, 10],
    );
    const owners = new Set();
    for (let doctor = 1; doctor <= 12; doctor++) {
      const earlier = await counts('slot_list');
      for (let i = 0; i < 4; i++) await world.api('GET', `/api/doctors/${doctor}/slots`);
      const later = await counts('slot_list');
      const more = later.map((count, i) => count - earlier[i]);
      assert.deepEqual([...more].sort(), [0, 4], `doctor ${doctor}: ${more}`);
      owners.add(more.indexOf(4));
    }
    assert.equal(owners.size, 2);
  });

  test('a booking from sign-up to confirmation', async () => {
    const { patient, hold, paid } = await book(1, 0);
    assert.ok(paid.status === 201 || paid.status === 202, `${paid.status} ${paid.text}`);
    const booked = await world.until(
      `/api/appointments/${hold.id}`,
      patient.token,
      (appointment) => appointment.status === 'booked',
    );
    assert.equal(booked.doctor_id, 1);
  });

  test('an event passes within a second', async () => {
    const doctor = 2;
    const target = { host: '127.0.0.1', port: gateway.port, path: `/api/events?topics=doctor/${doctor}` };
    const response = await new Promise((resolve, reject) => http.get(target, resolve).on('error', reject));
    const heard = new Promise((resolve) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
        if (!/^data:/m.test(text)) return; // a greeting
        response.destroy();
        resolve({ at: Date.now(), text });
      });
    });
    const patient = await world.patient();
    const slots = await world.slots(doctor, { soonest: 3_600_000 });
    const body = { doctor_id: doctor, starts_at: slots[0].starts_at };
    const from = Date.now();
    isOk(await world.api('POST', '/api/holds', body, patient.token, { 'x-doctor': String(doctor) }), 201);
    const { at, text } = await heard;
    assert.match(text, new RegExp(`doctor/${doctor}`));
    assert.ok(at - from < 1000, `${at - from} ms`);
  });

  test('a node is restarted under load, and nobody notices', async () => {
    const patients = await pooled(Array.from({ length: 20 }), 4, () => world.patient());
    const slots = await world.slots(12, { soonest: 3_600_000 });
    let isRunning = true;
    let reads = 0;
    const reader = (async () => {
      for (; isRunning; reads++) {
        isOk(await world.api('GET', '/api/cities'), 200);
        await sleep(10); // below the gateway's limit
      }
    })();
    const restart = (async () => {
      assert.equal(await second.end('SIGTERM'), 0);
      await startSecond();
    })();
    await pooled(patients, 2, async (patient, i) => {
      const body = { doctor_id: 12, starts_at: slots[i].starts_at };
      const headers = { 'idempotency-key': `restart-${world.tag}-${i}` };
      isOk(await world.api('POST', '/api/holds', body, patient.token, headers), 201);
      await sleep(100);
    });
    await restart;
    isRunning = false;
    await reader;
    assert.ok(reads > 20, `${reads} reads`);
  });

  test('a node is killed under load: whoever reads or bears a key notices nothing, and bookings go on', async () => {
    await sleep(2000); // the burst of the gateway's limit is whole again
    const patients = await pooled(Array.from({ length: 24 }), 4, () => world.patient());
    const slotsOf = new Map();
    for (let doctor = 3; doctor <= 10; doctor++) slotsOf.set(doctor, await world.slots(doctor, { soonest: 3_600_000 }));
    let isKilled = false;
    const work = patients.map((patient, i) => ({ patient, doctor: 3 + (i % 8), slot: Math.floor(i / 8) }));
    const replies = await pooled(work, 6, async ({ patient, doctor, slot }, i) => {
      if (i === 8) {
        isKilled = true;
        second.process.kill('SIGKILL');
      }
      const read = await world.api('GET', '/api/cities');
      const headers = { 'x-doctor': String(doctor), 'idempotency-key': `kill-${world.tag}-${i}` };
      const body = { doctor_id: doctor, starts_at: slotsOf.get(doctor)[slot].starts_at };
      return [read, await world.api('POST', '/api/holds', body, patient.token, headers)];
    });
    assert.ok(isKilled);
    await second.ended;
    for (const [read, hold] of replies) {
      assert.equal(read.status, 200, read.text);
      assert.equal(hold.status, 201, hold.text);
    }
    for (let i = 0; i < 50; i++) isOk(await world.api('GET', '/api/cities'), 200);
    const { paid } = await book(11, 0);
    assert.ok(paid.status < 300, paid.text);
  });
});
