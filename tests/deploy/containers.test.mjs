// Images and compose.yaml: what can be read is checked always; with FAIRWARD_LONG=1 the images are built and the
// composed stack is run, booked through, broken and started again. FAIRWARD_CONTAINER_PACKAGE=folder takes the package
// that `make deb` left there instead of compiling in a container.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import YAML from 'yaml';
import { Client } from '../lib/client.mjs';
import { containersMissing, root, startEngine } from '../lib/containers.mjs';
import { isOk } from '../lib/expect.mjs';
import { configurationCheck, gatewayFiles } from '../lib/nginx.mjs';
import { command, freePort } from '../lib/server.mjs';

const text = (name) => fs.readFileSync(path.join(root, name), 'utf8');
const compose = YAML.parse(text('compose.yaml'), { merge: true });
const files = ['Dockerfile', 'package.Dockerfile', 'gateway.Dockerfile', 'database.Dockerfile'];

// The instructions of a Dockerfile: [{word: 'RUN', rest: '…'}], continued lines joined, comments gone.
function instructions(name) {
  const joined = text(`deploy/container/${name}`)
    .replace(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ');
  return joined
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const [, word, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? assert.fail(`${name}: ${line}`);
      return { word, rest: rest.replaceAll(/\s+/g, ' ').trim() };
    });
}

const freshSecrets = () => ({
  DATABASE_PASSWORD: `it's ${crypto.randomBytes(12).toString('hex')}`,
  FAIRWARD_IDENTITY_SIGNING_KEY: crypto.randomBytes(32).toString('base64url'),
  FAIRWARD_BILLING_GATEWAY_SECRET: `whsec_${crypto.randomBytes(32).toString('base64')}`,
});

describe('Dockerfiles', () => {
  const known = 'ARG FROM LABEL RUN COPY ENV USER WORKDIR VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD'.split(
    ' ',
  );

  for (const name of files) {
    test(`${name} keeps the rules`, () => {
      const all = instructions(name);
      for (const { word } of all) assert.ok(known.includes(word), word);
      const last = (word) => all.findLast((one) => one.word === word)?.rest;
      for (const { word, rest } of all) {
        if (word === 'FROM') assert.match(rest, /^\$\{BASE\}( AS [a-z]+)?$/, 'the base is an argument');
        if (['CMD', 'ENTRYPOINT'].includes(word)) assert.ok(Array.isArray(JSON.parse(rest)), rest);
        if (word === 'RUN' && rest.includes('apt-get install')) {
          assert.match(rest, /apt-get update && apt-get install -y --no-install-recommends/);
          assert.match(rest, /rm -rf .*\/var\/lib\/apt\/lists/);
        }
        if (word === 'COPY' && !rest.startsWith('--from')) {
          for (const from of rest.split(' ').slice(0, -1))
            if (!from.includes('*')) assert.ok(fs.existsSync(path.join(root, from)), from);
        }
      }
      assert.match(last('HEALTHCHECK'), / CMD \["[^\]]*"\]$/, 'without a shell');
      assert.ok(last('STOPSIGNAL'));
      assert.doesNotMatch(last('USER') ?? 'root', /^(root|0)/);
      assert.ok(all.findIndex((one) => one.word === 'USER') > all.findLastIndex((one) => one.word === 'RUN'));
    });
  }

  test('a package built outside makes the same image', () => {
    const runtime = (name) => {
      const all = instructions(name);
      const from = all.findLastIndex((one) => one.word === 'FROM');
      return all.slice(from).map(({ word, rest }) => `${word} ${rest.replace(/--from=build \S*\//, '')}`);
    };
    assert.deepEqual(runtime('Dockerfile'), runtime('package.Dockerfile'));
  });

  test('secrets and what was built outside stay outside', () => {
    const ignored = text('.dockerignore').split('\n');
    for (const name of ['.env', '.git', 'build', 'data', '**/node_modules', 'web/dist'])
      assert.ok(ignored.includes(name));
  });
});

describe('compose.yaml', () => {
  const nodes = Object.entries(compose.services).filter(([name]) => name.startsWith('node'));

  test('two nodes, a gateway, a database with a volume', () => {
    assert.ok(nodes.length >= 2);
    assert.deepEqual(compose.services.database.volumes, ['database:/var/lib/postgresql/data']);
    assert.ok('database' in compose.volumes);
    assert.equal(compose.services.gateway.ports.length, 1);
    for (const [name, service] of Object.entries(compose.services)) {
      if (name !== 'gateway') assert.equal(service.ports, undefined, `${name} is reached from inside only`);
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.ok(service.security_opt.includes('no-new-privileges:true'), name);
      assert.ok(fs.existsSync(path.join(root, service.build.dockerfile)), name);
    }
  });

  test('the gateway knows the nodes, and they trust it and no other', () => {
    const listed = [...text('deploy/container/nodes.conf').matchAll(/^server (\S+):8080 /gm)].map((match) => match[1]);
    const addresses = nodes.map(([, service]) => service.networks.inside.ipv4_address);
    assert.deepEqual(listed, addresses);
    const gateway = compose.services.gateway.networks.inside.ipv4_address;
    for (const [, service] of nodes) assert.equal(service.environment.FAIRWARD_HTTP_TRUSTED_PROXIES, gateway);
    const [{ ip_range: range }] = compose.networks.inside.ipam.config;
    assert.equal(range, '10.77.91.128/25');
    for (const address of [...addresses, gateway]) assert.match(address, /^10\.77\.91\.([2-9]|[1-9]\d|1[01]\d)$/);
  });

  test('.env.example names every variable, and values for none of the secrets', () => {
    const wanted = [...text('compose.yaml').matchAll(/\$\{([A-Z_]+)(:[?-])?/g)];
    const example = new Map(
      [...text('.env.example').matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, is]) => [name, is]),
    );
    for (const [, name, how] of wanted) {
      assert.ok(example.has(name), name);
      if (how === ':?') assert.equal(example.get(name), '', name);
    }
    const names = new Set(wanted.map((match) => match[1]));
    for (const name of example.keys()) assert.ok(names.has(name), `${name} is not used`);
    assert.match(text('.gitignore'), /^\/\.env$/m);
  });

  test('the program takes the settings of the nodes', () => {
    const secrets = freshSecrets();
    for (const [, { environment }] of nodes) {
      const filled = Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [
          name,
          String(value).replaceAll(/\$\{([A-Z_]+):([?-])([^}]*)\}/g, (_, one, how, other) =>
            how === '-' ? other : secrets[one],
          ),
        ]),
      );
      command(['config', 'check'], { env: { PATH: process.env.PATH, ...filled } });
    }
  });

  const composer = fs.existsSync('/usr/bin/docker-compose');
  test('docker-compose understands it, and refuses it without secrets', { skip: composer ? false : 'none' }, () => {
    const settings = path.join(os.tmpdir(), `fairward-env-${process.pid}`);
    const config = (values) => {
      fs.writeFileSync(
        settings,
        `${Object.entries(values)
          .map(([name, value]) => `${name}=${value}\n`)
          .join('')}`,
      );
      const args = ['--env-file', settings, '-f', path.join(root, 'compose.yaml'), 'config', '-q'];
      const env = { PATH: process.env.PATH, HOME: '/tmp' };
      execFileSync('docker-compose', args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    };
    config(freshSecrets());
    const { DATABASE_PASSWORD: left, ...others } = freshSecrets();
    assert.ok(left);
    assert.throws(() => config(others), /DATABASE_PASSWORD/);
    fs.rmSync(settings);
  });

  test('nginx reads the gateway’s files with the nodes of compose.yaml', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-nginx-'));
    gatewayFiles(folder, 8099, {});
    fs.copyFileSync(path.join(root, 'deploy/container/nodes.conf'), path.join(folder, 'fairward/nodes.conf'));
    configurationCheck(folder);
    fs.rmSync(folder, { recursive: true });
  });

  test('the database’s script is sound', () => {
    execFileSync('sh', ['-n', path.join(root, 'deploy/container/database.sh')]);
  });
});

const skip = (process.env.FAIRWARD_LONG ? '' : 'FAIRWARD_LONG is not set') || containersMissing || false;

describe('the composed stack', { skip }, () => {
  const base = 'fairward-base:bookworm';
  let engine;
  let settings;
  let client;
  let logins;
  let people = 0;
  const up = (...args) => engine.compose('fairward', settings, 'up', '-d', '--no-build', ...args);
  const container = (service) => engine.compose('fairward', settings, 'ps', '-q', service).trim();
  const health = (service) => engine.docker('inspect', '-f', '{{.State.Health.Status}}', container(service)).trim();
  const lines = (service, sought) =>
    engine
      .compose('fairward', settings, 'logs', '--no-color', service)
      .split('\n')
      .filter((line) => line.includes(sought));

  async function healthy(...services) {
    for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(500))
      if (services.every((service) => health(service) === 'healthy')) return;
    assert.fail(`not healthy: ${services.map((service) => `${service} ${health(service)}`)}`);
  }
  const api = (method, target, body, token, headers) => client.request(method, target, { body, token, headers });
  async function login(role) {
    const { login: name, password } = logins.find((entry) => entry.role === role);
    return isOk(await api('POST', '/api/auth/login', { login: name, password }), 200).access_token;
  }

  // From sign-up to a paid booking; answers its appointment.
  async function book(doctor) {
    const email = `p${++people}@example.org`;
    const person = { role: 'patient', name: `Patient ${people}`, email, password: `correct horse ${people}` };
    const { access_token: token } = isOk(await api('POST', '/api/auth/register', person), 201);
    const { items } = isOk(await api('GET', `/api/doctors/${doctor}/slots`), 200);
    const soonest = Date.now() + 3_600_000;
    const slot = items.find((one) => one.status === 'free' && Date.parse(one.starts_at) > soonest);
    const key = { 'idempotency-key': `hold-${people}`, 'x-doctor': String(doctor) };
    const hold = isOk(
      await api('POST', '/api/holds', { doctor_id: doctor, starts_at: slot.starts_at }, token, key),
      201,
    );
    const paying = { method: 'sandbox', outcome: 'success' };
    const paid = await api('POST', `/api/holds/${hold.id}/payments`, paying, token, {
      'idempotency-key': `pay-${people}`,
    });
    assert.ok(paid.status < 300, paid.text);
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(250)) {
      const appointment = isOk(await api('GET', `/api/appointments/${hold.id}`, undefined, token), 200);
      if (appointment.status === 'booked') return appointment;
    }
    assert.fail('not booked within 30 s');
  }

  before(async () => {
    engine = await startEngine();
    const port = await freePort();
    settings = path.join(engine.folder, 'env');
    const values = { ...freshSecrets(), LISTEN: `127.0.0.1:${port}`, BASE: base };
    fs.writeFileSync(
      settings,
      `${Object.entries(values)
        .map(([name, value]) => `${name}=${value}\n`)
        .join('')}`,
    );
    client = new Client(port);
    engine.base(base);
    const ready = process.env.FAIRWARD_CONTAINER_PACKAGE;
    if (ready) engine.build('fairward', 'package.Dockerfile', path.resolve(ready), base);
    else engine.build('fairward', 'Dockerfile', root, base);
    engine.build('fairward-gateway', 'gateway.Dockerfile', root, base);
    engine.build('fairward-database', 'database.Dockerfile', root, base);
  });
  after(async () => {
    client?.close();
    if (settings) engine.compose('fairward', settings, 'down', '-v');
    await engine?.stop();
  });

  test('the image holds the program and little else', () => {
    const bare = ['run', '--rm', '--network', 'none', '--read-only', '--cap-drop', 'ALL'];
    assert.equal(engine.docker(...bare, 'fairward', '--version'), command(['--version']));
    assert.equal(engine.docker(...bare, '--entrypoint', 'id', 'fairward', '-u').trim(), '10001');
    assert.throws(() => engine.docker(...bare, '--entrypoint', 'sh', 'fairward', '-c', 'command -v g++ make node'));
    const megabytes = Number(engine.docker('inspect', '-f', '{{.Size}}', 'fairward')) / 1e6;
    assert.ok(megabytes < 300, `${megabytes} MB`);
  });

  test('everything comes up by itself; two nodes migrate one empty database, each step once', async () => {
    up();
    await healthy('database', 'node1', 'node2', 'gateway');
    const steps = [...lines('node1', '"migrate"'), ...lines('node2', '"migrate"')].map(
      (line) => /"step":"([^"]*)"/.exec(line)[1],
    );
    assert.ok(steps.length > 5, `${steps}`);
    assert.equal(new Set(steps).size, steps.length);
    isOk(await api('GET', '/ready'), 200);
    assert.deepEqual(lines('database', 'ERROR'), []);
  });

  test('a booking through the gateway', async () => {
    const demo = ['exec', '-T', 'node1'];
    engine.compose('fairward', settings, ...demo, 'fairward', 'demo', '/tmp/demo', '--cities', '1', '--doctors', '6');
    logins = JSON.parse(engine.compose('fairward', settings, ...demo, 'cat', '/tmp/demo/demo-logins.json'));
    engine.compose('fairward', settings, 'restart', 'node1', 'node2');
    await healthy('node1', 'node2');
    assert.equal((await book(1)).status, 'booked');
  });

  test('a node dies, bookings go on, and it comes back', async () => {
    const victim = container('node2');
    const starts = () => Number(engine.docker('inspect', '-f', '{{.RestartCount}}', victim));
    const earlier = starts();
    process.kill(Number(engine.docker('inspect', '-f', '{{.State.Pid}}', victim)), 'SIGKILL');
    for (let i = 0; i < 30; i++) isOk(await api('GET', '/api/cities'), 200);
    assert.equal((await book(2)).status, 'booked');
    for (let tries = 0; starts() === earlier && tries < 50; tries++) await sleep(200);
    assert.equal(starts(), earlier + 1, 'restart: unless-stopped');
    await healthy('node2');
    engine.compose('fairward', settings, 'stop', 'node1');
    assert.equal((await book(3)).status, 'booked', 'by the one that came back');
    up();
    await healthy('node1');
  });

  test('containers may go, the volume stays', async () => {
    const platform = await login('platform_admin');
    const list = async (token) => {
      const booked = [];
      for (const doctor of [1, 2, 3]) {
        const target = `/api/appointments?doctor_id=${doctor}&status=booked`;
        booked.push(...isOk(await api('GET', target, undefined, token), 200).items.map((one) => one.id));
      }
      return booked;
    };
    const booked = await list(platform);
    assert.equal(booked.length, 3);
    engine.compose('fairward', settings, 'down');
    up();
    await healthy('database', 'node1', 'node2', 'gateway');
    assert.deepEqual(await list(platform), booked, 'with the token of before: the signing key is the same');
    assert.equal((await book(4)).status, 'booked');
  });

  test('nothing in the containers can be written but what is meant to be', () => {
    for (const service of ['node1', 'gateway', 'database']) {
      const attempt = (file) => engine.compose('fairward', settings, 'exec', '-T', service, 'touch', file);
      assert.throws(() => attempt('/usr/bin/x'), undefined, service);
      attempt('/tmp/x');
    }
  });
});
