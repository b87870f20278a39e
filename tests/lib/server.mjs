// Starts the built program on a database of its own, filled with a small demo, and speaks to it as its users do.
//
//   const world = await start({ engine: 'sqlite', settings: { 'booking.hold_seconds': 2 } });
//   const patient = await world.patient();
//   const reply = await world.api('POST', '/api/holds', { doctor_id: 1, starts_at }, patient.token);
//   await world.stop();
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { postgresMissing, startPostgres } from './postgres.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = path.resolve(process.env.FAIRWARD_BIN ?? path.join(root, 'build/release/fairward'));

const wide = 100_000_000;
const wideLimits = {
  'identity.access_minutes': 1440, // what runs for long must not end with its tokens
  'limits.address_per_minute': wide,
  'limits.address_writes_per_minute': wide,
  'limits.address_logins_per_minute': wide,
  'limits.user_per_minute': wide,
  'limits.user_writes_per_minute': wide,
  'limits.login_failures_per_minute': wide,
  'log.level': 'warning',
};

// Declares the tests of a file once per engine. FAIRWARD_ENGINES=sqlite leaves the others out. The engine "nodes" is
// three nodes over one PostgreSQL; calls go to them in turn.
export function onEachEngine(name, tests, known = ['sqlite', 'postgres']) {
  const engines = process.env.FAIRWARD_ENGINES?.split(',') ?? known;
  for (const engine of engines.filter((one) => known.includes(one))) {
    const skip = engine !== 'sqlite' && postgresMissing;
    describe(`${name} on ${engine}`, { skip: skip || false }, () => tests(engine));
  }
}

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const flagsOf = (settings) => Object.entries(settings).map(([name, value]) => `--${name}=${value}`);

// Runs a command of the program to its end; throws with its error output unless the status is 0.
export function command(args, options = {}) {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024, // the API's document has more than a mebibyte
    ...options,
  });
}

// {status, out, error} of a command that may fail.
export function commandResult(args, options = {}) {
  try {
    return { status: 0, out: command(args, options), error: '' };
  } catch (failure) {
    return { status: failure.status, out: String(failure.stdout), error: String(failure.stderr) };
  }
}

// A process whose output goes to a file; its end is a promise.
export class Child {
  constructor(args, log, environment = {}) {
    const out = fs.openSync(log, 'a');
    this.log = log;
    this.process = spawn(program, args, { stdio: ['ignore', out, out], env: { ...process.env, ...environment } });
    fs.closeSync(out);
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(signal ?? code)));
  }
  get isRunning() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }
  async end(signal) {
    if (this.isRunning) this.process.kill(signal);
    return this.ended;
  }
  tail() {
    return fs.readFileSync(this.log, 'utf8').slice(-4000);
  }
}

export async function until(what, child, isTrue) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(25)) {
    if (!child.isRunning) throw new Error(`${what}: the process ended with ${await child.ended}\n${child.tail()}`);
    if (await isTrue().catch(() => false)) return;
  }
  throw new Error(`${what}: not within a minute\n${child.tail()}`);
}

// One process that serves the world's database.
class Node {
  constructor(world, number) {
    this.world = world;
    this.data = number === 1 ? world.data : path.join(world.folder, `node${number}`);
    this.log = path.join(world.folder, number === 1 ? 'server.log' : `node${number}.log`);
  }

  get settings() {
    return { ...this.world.settings, 'http.port': this.port, 'data.folder': this.data, ...this.extra };
  }

  async serve() {
    fs.mkdirSync(this.data, { recursive: true });
    this.port ??= await freePort();
    this.client?.close();
    this.client = new Client(this.port, { sockets: this.world.options.sockets });
    this.child = new Child(['serve', ...flagsOf(this.settings)], this.log, this.world.environment);
    await until('fairward', this.child, async () => (await this.client.request('GET', '/ready')).status === 200);
  }

  // Ends and comes back with these settings of its own.
  async serveAs(extra) {
    this.extra = extra;
    await this.stop();
    await this.serve();
  }

  api(method, target, body, token, headers = {}) {
    return this.client.request(method, target, { body, token, headers });
  }

  // The value of a series: a name, with its labels if it has any.
  async metric(series) {
    const { text } = await this.client.request('GET', '/metrics');
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length),
    );
  }

  async stop() {
    this.client?.close();
    return this.child ? await this.child.end('SIGTERM') : 0;
  }
}

class World {
  constructor(options) {
    this.engine = options.engine;
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `fairward-${options.engine}-`));
    this.data = options.dataFolder ?? path.join(this.folder, 'data');
    this.options = options;
    this.signingKey = crypto.randomBytes(32).toString('base64url');
    // `each`: what the settings of each node have of their own.
    const count = options.each?.length ?? options.nodes ?? (options.engine === 'nodes' ? 3 : 1);
    this.nodes = Array.from({ length: count }, (_, index) => new Node(this, index + 1));
    options.each?.forEach((extra, index) => {
      this.nodes[index].extra = extra;
    });
    this.turn = 0;
    this.secret = `whsec_${crypto.randomBytes(32).toString('base64')}`;
    this.people = 0;
    this.tag = crypto.randomBytes(3).toString('hex');
  }

  get settings() {
    return {
      ...wideLimits,
      'http.address': '127.0.0.1',
      'database.url': this.url,
      'database.reserve_megabytes': 0,
      'billing.gateway_url': `http://127.0.0.1:${this.gatewayPort}`,
      ...this.options.settings,
    };
  }
  get environment() {
    const common = { FAIRWARD_BILLING_GATEWAY_SECRET: this.secret };
    return this.nodes.length > 1 ? { ...common, FAIRWARD_IDENTITY_SIGNING_KEY: this.signingKey } : common;
  }
  // Of a world with one node.
  get port() {
    return this.nodes[0].port;
  }
  get client() {
    return this.nodes[0].client;
  }
  set client(client) {
    this.nodes[0].client = client;
  }
  get server() {
    return this.nodes[0].child;
  }

  async open() {
    if (this.engine !== 'sqlite' && !this.options.url) this.postgres = await startPostgres(this.options.postgres);
    this.url = this.options.url ?? this.postgres?.url() ?? `sqlite:${this.data}/fairward.db`;
    fs.mkdirSync(this.data, { recursive: true });
    const { cities = 1, doctors = 6 } = this.options.demo ?? {};
    command([
      'demo',
      this.data,
      '--cities',
      String(cities),
      '--doctors',
      String(doctors),
      `--database.url=${this.url}`,
      ...flagsOf(this.options.demoSettings ?? {}),
      ...(this.nodes.length > 1 ? [`--identity.signing_key=${this.signingKey}`] : []),
    ]);
    this.logins = JSON.parse(fs.readFileSync(path.join(this.data, 'demo-logins.json'), 'utf8'));
    this.gatewayPort = await freePort();
    this.gateway = new Child(
      ['sandbox-gateway', '--port', String(this.gatewayPort)],
      path.join(this.folder, 'gateway.log'),
      this.environment,
    );
    this.gatewayClient = new Client(this.gatewayPort);
    await until(
      'sandbox gateway',
      this.gateway,
      async () => (await this.gatewayClient.request('GET', '/totals')).status === 200,
    );
    for (const node of this.nodes) await node.serve();
  }

  // One more node, with settings of its own; throws when it does not become ready.
  async add(extra) {
    const node = new Node(this, this.nodes.length + 1);
    node.extra = extra;
    try {
      await node.serve();
    } catch (error) {
      await node.stop();
      throw error;
    }
    this.nodes.push(node);
    return node;
  }

  // One call as JSON; token may be undefined. Answers {status, headers, text, body}. Nodes that run take turns.
  api(...call) {
    const running = this.nodes.filter((node) => node.child?.isRunning);
    const node = running[this.turn++ % Math.max(running.length, 1)] ?? this.nodes[0];
    return node.api(...call);
  }

  // The access token of the demo's login of that role; logged in once.
  async staff(role) {
    this.tokens ??= new Map();
    if (!this.tokens.has(role)) {
      const login = this.logins.find((entry) => entry.role === role);
      if (!login) throw new Error(`the demo has no login for ${role}`);
      this.tokens.set(role, await this.login(login.login, login.password));
    }
    return this.tokens.get(role);
  }

  async login(login, password) {
    const reply = await this.api('POST', '/api/auth/login', { login, password });
    if (reply.status !== 200) throw new Error(`login of ${login}: ${reply.status} ${reply.text}`);
    return reply.body.access_token;
  }

  // A fresh patient: {id, token, refresh, login, password}.
  async patient(name) {
    const number = ++this.people;
    const login = `p${number}.${this.tag}@example.org`;
    const password = `correct horse ${this.tag} ${number}`;
    const reply = await this.api('POST', '/api/auth/register', {
      role: 'patient',
      name: name ?? `Patient ${number}`,
      email: login,
      password,
    });
    if (reply.status !== 201) throw new Error(`register: ${reply.status} ${reply.text}`);
    return {
      id: reply.body.user.id,
      token: reply.body.access_token,
      refresh: reply.body.refresh_token,
      login,
      password,
    };
  }

  // The free slots of a doctor that start at least `soonest` ms from now.
  async slots(doctor, { from, to, soonest = 0, token } = {}) {
    const query = [from && `from=${from}`, to && `to=${to}`].filter(Boolean).join('&');
    const reply = await this.api('GET', `/api/doctors/${doctor}/slots${query ? `?${query}` : ''}`, undefined, token);
    if (reply.status !== 200) throw new Error(`slots: ${reply.status} ${reply.text}`);
    const earliest = Date.now() + soonest;
    return reply.body.items.filter((slot) => slot.status === 'free' && Date.parse(slot.starts_at) > earliest);
  }

  // Gives the doctor the same session every day, at the first hospital: {starts, ends, slot_minutes}. Bookings stay.
  async schedule(doctor, session) {
    const token = await this.staff('platform_admin');
    const read = await this.api('GET', `/api/doctors/${doctor}/schedule`, undefined, token);
    const { practices } = (await this.api('GET', `/api/doctors/${doctor}`)).body;
    const shift = { hospital_id: practices[0].hospital_id, weekdays: [1, 2, 3, 4, 5, 6, 7], ...session };
    const body = { minimum_notice_minutes: 0, max_booking_days: 60, shifts: [shift] };
    const reply = await this.api('PUT', `/api/doctors/${doctor}/schedule`, body, token, {
      'if-match': read.headers.etag,
    });
    if (reply.status !== 200) throw new Error(`schedule: ${reply.status} ${reply.text}`);
    await this.untilAgreed(doctor);
  }

  // Until all nodes show the same slots of the doctor; the one that changed them does at once.
  async untilAgreed(doctor) {
    for (const deadline = Date.now() + 5000; ; await sleep(20)) {
      const lists = await Promise.all(this.nodes.map((node) => node.api('GET', `/api/doctors/${doctor}/slots`)));
      const texts = lists.map(({ body }) => JSON.stringify(body.items));
      if (texts.every((text) => text === texts[0])) return;
      if (Date.now() > deadline) throw new Error(`the nodes do not agree on the slots of doctor ${doctor}`);
    }
  }

  // Long-polls until `isDone(body)`; answers the body. For holds, appointments, waits and payments.
  async until(target, token, isDone, seconds = 30) {
    let etag;
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
      const headers = etag ? { 'if-none-match': etag } : {};
      const reply = await this.api('GET', `${target}?wait=${etag ? 5 : 0}`, undefined, token, headers);
      if (reply.status === 304) continue;
      if (reply.status !== 200) throw new Error(`${target}: ${reply.status} ${reply.text}`);
      if (isDone(reply.body)) return reply.body;
      etag = reply.headers.etag;
      if (!etag) await sleep(100);
    }
    const last = await this.api('GET', target, undefined, token);
    throw new Error(`${target} after ${seconds} s: ${last.text}`);
  }

  async totals() {
    return (await this.gatewayClient.request('GET', '/totals')).body;
  }

  // Of several nodes one, each in its turn; the others go on.
  async kill9() {
    this.killed = ((this.killed ?? -1) + 1) % this.nodes.length;
    await this.nodes[this.killed].child.end('SIGKILL');
  }
  // What was killed comes back; where nothing was, all end and come back.
  async restart() {
    const dead = this.nodes.filter((node) => !node.child.isRunning);
    for (const node of dead.length ? dead : this.nodes) {
      await node.stop();
      await node.serve();
    }
  }

  // Ends everything; the server must end well by itself.
  async stop() {
    this.gatewayClient?.close();
    const ends = await Promise.all(this.nodes.map((node) => node.stop()));
    const bad = ends.findIndex((how) => how !== 0 && how !== 'SIGKILL');
    const tail = this.nodes[bad]?.child.tail();
    await this.gateway?.end('SIGTERM');
    await this.postgres?.stop();
    if (process.env.FAIRWARD_KEEP) console.error(`kept: ${this.folder}`);
    else fs.rmSync(this.folder, { recursive: true, force: true });
    if (bad >= 0) throw new Error(`the server ended with ${ends[bad]}\n${tail}`);
  }
}

// Answers a running world. On failure nothing is left running.
export async function start(options = {}) {
  const world = new World({ engine: 'sqlite', ...options });
  try {
    await world.open();
    return world;
  } catch (error) {
    await world.stop().catch(() => {});
    throw error;
  }
}
