// What every caller meets before any module: operation pages, the UI's pages, framing, limits, and the command line.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../lib/client.mjs';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { command, commandResult, flagsOf, onEachEngine, start } from '../lib/server.mjs';

// Sends bytes as they are and answers all that came back.
function raw(port, bytes, { endAfterMs = 3000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error) => (text ? resolve(text) : reject(error)));
    socket.on('close', () => resolve(text));
    setTimeout(() => socket.destroy(), endAfterMs).unref();
  });
}

onEachEngine('the platform', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine, settings: { 'log.level': 'debug' } });
  });
  after(() => world?.stop());

  test('/health says that the process lives and /ready that it can work', async () => {
    isOk(await world.api('GET', '/health'), 200);
    isOk(await world.api('GET', '/ready'), 200);
  });

  test('/metrics is the text exposition', async () => {
    const reply = await world.api('GET', '/metrics');
    assert.equal(reply.status, 200);
    assert.match(reply.headers['content-type'], /^text\/plain; version=0\.0\.4/);
    assert.match(reply.text, /^fairward_build_info\{version="[^"]+"\} 1$/m);
    const helps = [...reply.text.matchAll(/^# HELP (\S+) \S/gm)].map((match) => match[1]);
    assert.equal(new Set(helps).size, helps.length, 'each family once');
    for (const [, name] of reply.text.matchAll(/^([a-z_:]+?)(?:_bucket|_sum|_count)?(?:\{| )/gm)) {
      assert.ok(
        helps.some((help) => name === help || name.startsWith(help)),
        `${name} has no HELP`,
      );
    }
  });

  test('/openapi.json describes every operation', async () => {
    const api = isOk(await world.api('GET', '/openapi.json'), 200);
    assert.match(api.openapi, /^3\.1/);
    const operations = Object.values(api.paths)
      .flatMap((item) => Object.values(item))
      .filter((entry) => entry?.operationId);
    assert.ok(operations.length > 40, `${operations.length} operations`);
    const ids = operations.map((operation) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length, 'ids are unique');
    for (const operation of operations) {
      assert.match(operation.operationId, /^[a-z]+(_[a-z0-9]+)*$/);
      assert.ok(operation.summary, operation.operationId);
      assert.ok(
        Object.keys(operation.responses).some((status) => /^[45]|default/.test(status)),
        operation.operationId,
      );
    }
  });

  test('what the program prints is what it serves', async () => {
    const served = await world.api('GET', '/openapi.json');
    assert.deepEqual(JSON.parse(command(['openapi'])), served.body);
    assert.match(command(['policy']), /hold_create/);
  });

  test('pages for people: /docs and /problems', async () => {
    for (const target of ['/docs', '/docs/plain']) {
      const docs = await world.api('GET', target);
      assert.equal(docs.status, 200);
      assert.match(docs.headers['content-type'], /^text\/html/);
      assert.doesNotMatch(docs.text, /(src|href)="https?:/, 'nothing from outside');
    }
    assert.match((await world.api('GET', '/docs/plain')).text, /hold_create/, 'without a script');
    const problem = await world.api('GET', '/problems/booking.slot_taken');
    assert.equal(problem.status, 200);
    assert.match(problem.text, /booking\.slot_taken/);
    assert.equal((await world.api('GET', '/problems/no.such')).status, 404);
    assert.doesNotMatch((await world.api('GET', '/problems/%3Cscript%3E')).text, /<script>/);
  });

  test('pages bear the headers that keep a browser safe', async () => {
    for (const target of ['/', '/docs', '/docs/plain', '/some/page']) {
      const { status, headers } = await world.api('GET', target);
      assert.equal(status, 200, target);
      assert.match(headers['content-type'], /^text\/html/);
      assert.match(headers['content-security-policy'], /default-src 'self'/);
      assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(headers['referrer-policy']);
      assert.equal(headers['strict-transport-security'], undefined, 'not behind TLS');
    }
    assert.match((await world.api('GET', '/')).headers['cache-control'], /no-cache/);
  });

  test('a file that is not there is 404, not the start page', async () => {
    assert.equal((await world.api('GET', '/assets/none.js')).status, 404);
    assert.equal((await world.api('GET', '/../../etc/passwd')).status, 404);
    assert.equal((await world.api('GET', '/%2e%2e/%2e%2e/etc/passwd')).status, 404);
  });

  test('what the API does not know', async () => {
    isProblem(await world.api('GET', '/api/none'), 404, 'request.route_not_found');
    const reply = await world.api('DELETE', '/api/cities');
    isProblem(reply, 405, 'request.method_not_allowed');
    assert.match(reply.headers.allow ?? '', /GET/);
  });

  test('bodies that are no JSON, too large, of another kind', async () => {
    const target = '/api/auth/login';
    isProblem(await world.client.request('POST', target, { raw: '{"login":' }), 400, 'request.malformed');
    const twice = await world.client.request('POST', target, { raw: '{"login":"a","login":"b","password":"c"}' });
    pointsAt(twice, '/login');
    isProblem(await world.client.request('POST', target, { raw: '['.repeat(100_000) }), 400);
    isProblem(
      await world.client.request('POST', target, { raw: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
      400,
    );
    isProblem(
      await world.client.request('POST', target, {
        raw: 'a=b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      415,
    );
    const large = await raw(
      world.port,
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n',
    );
    assert.match(large, /^HTTP\/1\.1 413 /);
  });

  test('heads that two servers could read differently are refused', async () => {
    const cases = {
      'GET /health HTTP/1.1\r\n\r\n': 400,
      'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n': 400,
      'GET /health HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n': 400,
      'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n': 400,
      'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}': 400,
      'nonsense\r\n\r\n': 400,
      [`GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`]: 431,
    };
    for (const [bytes, status] of Object.entries(cases)) {
      assert.match(
        await raw(world.port, bytes),
        new RegExp(`^HTTP/1\\.1 ${status} `),
        JSON.stringify(bytes.slice(0, 120)),
      );
    }
    isOk(await world.api('GET', '/health'), 200);
  });

  test('a reply in a line of requests comes in order', async () => {
    const text = await raw(
      world.port,
      'GET /health HTTP/1.1\r\nHost: a\r\n\r\nGET /none.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    );
    assert.match(text, /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 404 /);
  });

  test('the log names no person', async () => {
    const canary = 'Canaria Featherstone';
    const phone = '+919812345678';
    const reply = await world.api('POST', '/api/auth/register', {
      role: 'patient',
      name: canary,
      phone,
      password: 'tweet-tweet-tweet-9',
    });
    isOk(reply, 201);
    await world.api(
      'GET',
      `/api/patients?name=${encodeURIComponent(canary)}`,
      undefined,
      await world.staff('front_desk'),
    );
    await sleep(200);
    const log = fs.readFileSync(world.server.log, 'utf8');
    for (const text of ['Canaria', '9812345678', 'tweet-tweet', reply.body.access_token])
      assert.ok(!log.includes(text), text);
    for (const line of log.split('\n').filter(Boolean)) JSON.parse(line);
  });
});

describe('limits', () => {
  test('an address that asks too often is told when to come back', async () => {
    const world = await start({ settings: { 'limits.address_per_minute': 20 } });
    try {
      const replies = [];
      for (let i = 0; i < 40; i++) replies.push(await world.api('GET', '/api/cities'));
      const refused = replies.find((reply) => reply.status === 429);
      isProblem(refused, 429, 'request.rate_exceeded');
      assert.ok(Number(refused.headers['retry-after']) >= 1);
      assert.ok(refused.headers.ratelimit && refused.headers['ratelimit-policy'], 'RateLimit headers');
      isOk(await world.api('GET', '/health'), 200);
    } finally {
      await world.stop();
    }
  });
});

describe('the command line', () => {
  test('says what it is', () => {
    assert.match(command(['--version']), /^fairward \d+\.\d+\.\d+/);
    assert.match(command(['--help']), /serve[\s\S]*migrate[\s\S]*import/);
    assert.match(command(['serve', '--help']), /--sandbox/);
    for (const shell of ['bash', 'zsh', 'fish']) assert.match(command(['completion', shell]), /fairward/);
  });

  test('usage mistakes end with 2', () => {
    for (const args of [['frobnicate'], ['serve', '--nonsense'], ['import', 'directory'], ['completion', 'tcsh'], []]) {
      const { status, error } = commandResult(args);
      assert.equal(status, 2, `${args}: ${error}`);
    }
  });

  test('config check names line and column and ends with 3', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-config-'));
    const file = path.join(folder, 'bad.toml');
    fs.writeFileSync(file, '[http]\nport = "many"\n[lgo]\nlevel = 1\n');
    const { status, error } = commandResult(['config', 'check', '--config', file]);
    assert.equal(status, 3);
    assert.ok(error.includes(`${file}:2:8: http.port must be a whole number`), error);
    assert.ok(error.includes(`${file}:4:9: there is no setting lgo.level`), error);
    assert.equal(commandResult(['serve', '--config', file]).status, 3);
    fs.rmSync(folder, { recursive: true });
  });

  test('config print hides secrets', () => {
    const out = command(['config', 'print'], {
      env: { ...process.env, FAIRWARD_BILLING_GATEWAY_SECRET: 'hush-hush-hush-hush-hush-hush' },
    });
    assert.ok(!out.includes('hush'));
    assert.match(out, /hold_seconds = 300 {2}# default/);
  });

  test('what cannot be had ends with 4', async () => {
    const holder = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-busy-'));
    const busy = commandResult(['serve', ...flagsOf({ 'http.port': holder.address().port, 'data.folder': folder })], {
      timeout: 20_000,
    });
    assert.equal(busy.status, 4, busy.error);
    const absent = commandResult(
      ['serve', '--database.url=postgresql://127.0.0.1:1/none?connect_timeout=2', `--data.folder=${folder}`],
      { timeout: 20_000 },
    );
    assert.equal(absent.status, 4, absent.error);
    holder.close();
    fs.rmSync(folder, { recursive: true });
  });

  test('the demo fills once and keeps its logins to itself', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-demo-'));
    const data = path.join(folder, 'data');
    command(['demo', data, '--cities', '1', '--doctors', '2']);
    const file = path.join(data, 'demo-logins.json');
    const first = fs.readFileSync(file, 'utf8');
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const roles = JSON.parse(first)
      .map((entry) => entry.role)
      .sort();
    assert.deepEqual(roles, ['doctor', 'front_desk', 'hospital_admin', 'patient', 'platform_admin', 'ward_admin']);
    command(['demo', data, '--cities', '1', '--doctors', '2']);
    assert.equal(fs.readFileSync(file, 'utf8'), first);
    fs.rmSync(folder, { recursive: true });
  });

  test('imported hospitals get demo doctors that can be booked', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-import-'));
    const data = path.join(folder, 'data');
    const file = path.join(folder, 'hospitals.csv');
    fs.writeFileSync(
      file,
      'Hospital_Name,State,District,Pincode\nFirst,Goa,North Goa,403001\nSecond,Goa,South Goa,403601\n',
    );
    assert.equal(commandResult(['demo', data, '--imported-hospitals', '5']).status, 1);
    const report = JSON.parse(command(['import', 'directory', file, '--json', `--data.folder=${data}`]));
    assert.equal(report.rows, 2);
    assert.equal(report.imported, 2);
    command(['demo', data, '--imported-hospitals', '1', '--doctors-each', '2']);
    assert.ok(fs.existsSync(path.join(data, 'demo-logins.json')));
    command(['demo', data, '--imported-hospitals', '9', '--doctors-each', '2']);
    assert.equal(commandResult(['demo', data, '--imported-hospitals', '9']).status, 1);
    fs.rmSync(folder, { recursive: true });
  });

  test('the sandbox gateway lives and dies with the server', async () => {
    const world = await start();
    await world.server.end('SIGTERM');
    world.options.settings = { 'billing.gateway_url': '', 'billing.sandbox': true };
    await world.restart();
    const { url } = JSON.parse(fs.readFileSync(path.join(world.data, 'sandbox-gateway.json'), 'utf8'));
    const client = new Client(Number(new URL(url).port));
    isOk(await client.request('GET', '/totals'), 200);
    await world.kill9();
    await sleep(300);
    client.close();
    await assert.rejects(new Client(Number(new URL(url).port)).request('GET', '/totals'));
    await world.restart();
    await world.stop();
  });
});
