// Three database hosts on this machine, each in a network namespace of its own behind a bridge, with the configuration
// that deploy/postgres-ha makes for an operator: etcd, Patroni and PostgreSQL on each, HAProxy before them. What a test
// does to a host: kill it, kill its postmaster, cut it off, start it again. Needs root.
//
//   const cluster = await startDatabaseCluster();
//   cluster.url → postgresql://fairward:…@127.0.0.1:PORT/fairward, by HAProxy
//   const primary = await cluster.primary();
//   cluster.kill(primary); … await cluster.start(primary); await cluster.settled();
//   await cluster.stop();
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './server.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const templates = path.join(root, 'deploy/postgres-ha');
const bin = process.env.FAIRWARD_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';
const hosts = [1, 2, 3];
const asPostgres = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
const plainPath = 'PATH=/usr/sbin:/usr/bin:/sbin:/bin';

const run = (file, ...args) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' });
const quietly = (file, ...args) => {
  try {
    return run(file, ...args);
  } catch {
    return undefined;
  }
};

// Why the tests cannot run here, or ''. A package that is missing is no reason: tools/setup.sh installs it.
export const databaseClusterMissing = whyMissing();
function whyMissing() {
  if (process.getuid() !== 0) return 'network namespaces need root';
  const name = `fairward-try-${process.pid}`;
  if (quietly('ip', 'netns', 'add', name) === undefined) return 'network namespaces are not permitted here';
  const bridge = `fwt${process.pid}`;
  const isBridged = quietly('ip', 'link', 'add', bridge, 'type', 'bridge') !== undefined;
  quietly('ip', 'link', 'del', bridge);
  quietly('ip', 'netns', 'del', name);
  return isBridged ? '' : 'network bridges are not permitted here';
}

async function until(what, isTrue, seconds = 60) {
  let last = '';
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(100)) {
    try {
      if (await isTrue()) return;
      last = '';
    } catch (error) {
      last = `: ${error.message}`;
    }
  }
  throw new Error(`${what}: not within ${seconds} s${last}`);
}

const json = async (url, options = {}) => {
  const reply = await fetch(url, { signal: AbortSignal.timeout(3000), ...options });
  return reply.json();
};

// What an operator does: fill in cluster.env, run render. Passwords that are not given are made up.
export function fillTemplates(folder, host, values, edit = (text) => text) {
  fs.mkdirSync(folder);
  const lines = fs.readFileSync(path.join(templates, 'cluster.env'), 'utf8').split('\n');
  const filled = lines.map((line) => {
    const [name, value] = line.split('=');
    if (name in values) return `${name}=${values[name]}`;
    return value === '' ? `${name}=${crypto.randomBytes(16).toString('hex')}` : line;
  });
  const settings = path.join(folder, 'cluster.env');
  fs.writeFileSync(settings, filled.join('\n'), { mode: 0o600 });
  run(path.join(templates, 'render'), settings, String(host), folder);
  for (const file of fs.readdirSync(folder)) {
    const place = path.join(folder, file);
    fs.writeFileSync(place, edit(fs.readFileSync(place, 'utf8'), file));
  }
}

class DatabaseCluster {
  constructor({ edit = (text) => text } = {}) {
    this.edit = edit; // of each configuration file, for a test that wants it wrong: (text, file) => text
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-ha-'));
    fs.chmodSync(this.folder, 0o755);
    this.tag = process.pid;
    this.bridge = `fwb${this.tag}`;
    this.processes = new Map(); // name -> child
    this.password = crypto.randomBytes(16).toString('hex');
  }

  space(host) {
    return `fairward-${this.tag}-${host}`;
  }
  cable(host) {
    return `fwv${this.tag}n${host}`;
  }
  address(host) {
    return `${this.net}.${host}`;
  }
  home(host) {
    return path.join(this.folder, `host${host}`);
  }
  // By HAProxy.
  get url() {
    return this.urlAt(this.port);
  }
  urlAt(port) {
    return `postgresql://fairward:${this.password}@127.0.0.1:${port}/fairward`;
  }
  // Without HAProxy: the driver looks for the host that accepts writes.
  get directUrl() {
    const all = hosts.map((host) => `${this.address(host)}:5432`).join(',');
    return `postgresql://fairward:${this.password}@${all}/fairward`;
  }

  async open() {
    this.connect();
    this.port = await freePort();
    this.configure({
      ...Object.fromEntries(
        hosts.flatMap((host) => [
          [`NAME${host}`, `db${host}`],
          [`ADDRESS${host}`, this.address(host)],
        ]),
      ),
      CLIENTS: `${this.net}.0/24`,
      GATEWAY_ADDRESS: '127.0.0.1',
      PRIMARY_PORT: this.port,
      STANDBY_PORT: await freePort(),
      POOLER_PORT: await freePort(),
      ...Object.fromEntries(
        ['SUPERUSER', 'REPLICATION', 'REWIND', 'REST', 'APPLICATION'].map((who) => [`${who}_PASSWORD`, this.password]),
      ),
      SHARED_BUFFERS: '64MB',
      BIN_FOLDER: bin,
      ETCD_TOKEN: `fairward-${this.tag}`,
    });
    for (const host of hosts) this.startEtcd(host);
    await until('etcd', async () => {
      const states = await Promise.all(hosts.map((host) => json(`http://${this.address(host)}:2379/health`)));
      return states.every((state) => state.health === 'true');
    });
    for (const host of hosts) this.startPatroni(host);
    this.spawn('haproxy', [
      'setpriv',
      '--pdeathsig=KILL',
      'haproxy',
      '-db',
      '-f',
      path.join(this.home(1), 'haproxy.cfg'),
    ]);
    await until('a primary', async () => Boolean(await this.primary()));
    this.psql(await this.primary(), fs.readFileSync(path.join(this.home(1), 'database.sql'), 'utf8'), 'postgres');
    await this.settled();
  }

  // A bridge with a cable to each host.
  connect() {
    const used = run('ip', '-o', 'addr');
    const free = Array.from({ length: 150 }, (_, i) => `10.77.${100 + ((this.tag + i) % 150)}`);
    this.net = free.find((net) => !used.includes(`${net}.`));
    run('ip', 'link', 'add', this.bridge, 'type', 'bridge');
    run('ip', 'addr', 'add', `${this.net}.254/24`, 'dev', this.bridge);
    run('ip', 'link', 'set', this.bridge, 'up');
    for (const host of hosts) {
      const [space, cable] = [this.space(host), this.cable(host)];
      run('ip', 'netns', 'add', space);
      run('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
      run('ip', 'link', 'set', cable, 'master', this.bridge, 'up');
      run('ip', '-n', space, 'addr', 'add', `${this.address(host)}/24`, 'dev', 'eth0');
      run('ip', '-n', space, 'link', 'set', 'eth0', 'up');
      run('ip', '-n', space, 'link', 'set', 'lo', 'up');
    }
  }

  configure(values) {
    for (const host of hosts) {
      const home = this.home(host);
      const own = { ...values, STATE_FOLDER: home, SOCKET_FOLDER: home, ETCD_FOLDER: path.join(home, 'etcd-data') };
      fillTemplates(home, host, own, this.edit);
      run('chown', '-R', 'postgres:', home);
    }
  }

  spawn(name, command) {
    const log = fs.openSync(path.join(this.folder, `${name}.log`), 'a');
    const [file, ...args] = command;
    const child = spawn(file, args, { stdio: ['ignore', log, log], cwd: '/' });
    fs.closeSync(log);
    child.gone = new Promise((resolve) => child.once('exit', resolve));
    this.processes.set(name, child);
  }
  // ip, setpriv and env each become what they start: the child is the program itself.
  spawnOn(host, name, environment, command) {
    const inside = ['ip', 'netns', 'exec', this.space(host), ...asPostgres, 'env', '-i', plainPath, ...environment];
    this.spawn(`${name}${host}`, [...inside, ...command]);
  }
  startEtcd(host) {
    const settings = fs.readFileSync(path.join(this.home(host), 'etcd'), 'utf8').split('\n');
    this.spawnOn(
      host,
      'etcd',
      settings.filter((line) => /^[A-Z0-9_]+=/.test(line)),
      ['etcd'],
    );
  }
  startPatroni(host) {
    this.spawnOn(host, 'patroni', ['LANG=C.UTF-8'], ['patroni', path.join(this.home(host), 'patroni.yml')]);
  }

  // What Patroni says of all hosts, asked at any host that answers: [{host, role, state, timeline, lag}].
  async members() {
    const asked = hosts.map((host) => json(`http://${this.address(host)}:8008/cluster`));
    const { members } = await Promise.any(asked);
    return members.map((member) => ({ ...member, host: Number(member.name.slice(2)) }));
  }
  // The host that says itself that it is the primary; undefined while there is none.
  async primary() {
    const said = await Promise.all(
      hosts
        .map(async (host) => {
          const reply = await fetch(`http://${this.address(host)}:8008/primary`, { signal: AbortSignal.timeout(3000) });
          return reply.ok;
        })
        .map((answer) => answer.catch(() => false)),
    );
    return hosts[said.indexOf(true)];
  }
  // Every host is there, follows the primary on its timeline, and one of them synchronously (unless `isAsync`).
  settled({ isAsync = false, seconds = 120 } = {}) {
    return until(
      'a settled cluster',
      async () => {
        const members = await this.members();
        const leaders = members.filter((member) => member.role === 'leader' && member.state === 'running');
        const isEven = members.every((member) => member.timeline === leaders[0]?.timeline && (member.lag ?? 0) === 0);
        const isSafe = isAsync || members.some((member) => member.role === 'sync_standby');
        const isUp =
          members.length === hosts.length && members.every((m) => ['running', 'streaming'].includes(m.state));
        if (!(leaders.length === 1 && isUp && isEven && isSafe)) throw new Error(JSON.stringify(members));
        return (await this.primary()) === leaders[0].host;
      },
      seconds,
    );
  }

  // Runs SQL as the superuser on that host itself; answers the rows, fields separated by |.
  psql(host, sql, database = 'fairward') {
    const inside = ['netns', 'exec', this.space(host), ...asPostgres, 'env', '-i', plainPath, path.join(bin, 'psql')];
    const text = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-h', this.home(host), '-d', database];
    return execFileSync('ip', [...inside, ...text], { encoding: 'utf8', cwd: '/', input: sql })
      .trim()
      .split('\n')
      .filter(Boolean);
  }
  patronictl(...args) {
    return run('patronictl', '-c', path.join(this.home(1), 'patroni.yml'), ...args);
  }
  // Changes the dynamic configuration, as `patronictl edit-config` does.
  setting(...pairs) {
    return this.patronictl('edit-config', '--force', ...pairs.flatMap((pair) => ['-s', pair]));
  }

  signalAll(host, signal) {
    for (const pid of run('ip', 'netns', 'pids', this.space(host)).split('\n').filter(Boolean)) {
      try {
        process.kill(Number(pid), signal);
      } catch {} // it went with its parent
    }
  }
  // The power goes: every process of the host dies at once.
  kill(host) {
    this.signalAll(host, 'SIGKILL');
  }
  // The machine is paused, and does not know it afterwards.
  freeze(host) {
    this.signalAll(host, 'SIGSTOP');
  }
  thaw(host) {
    this.signalAll(host, 'SIGCONT');
  }
  killPostmaster(host) {
    process.kill(
      Number(fs.readFileSync(path.join(this.home(host), 'fairward/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    );
  }
  async start(host) {
    this.startEtcd(host);
    await until(`etcd ${host}`, async () => (await json(`http://${this.address(host)}:2379/health`)).health === 'true');
    this.startPatroni(host);
  }
  // As README.md says: a host that is gone for good makes room for one without data.
  async replace(host) {
    const other = `http://${this.address(hosts.find((one) => one !== host))}:2379`;
    const etcdctl = (...args) => run('etcdctl', `--endpoints=${other}`, 'member', ...args);
    const line = etcdctl('list')
      .split('\n')
      .find((member) => member.includes(`db${host},`));
    etcdctl('remove', line.split(',')[0]);
    etcdctl('add', `db${host}`, `--peer-urls=http://${this.address(host)}:2380`);
    for (const folder of ['fairward', 'etcd-data']) fs.rmSync(path.join(this.home(host), folder), { recursive: true });
    const settings = path.join(this.home(host), 'etcd');
    fs.writeFileSync(settings, fs.readFileSync(settings, 'utf8').replace('STATE=new', 'STATE=existing'));
    await this.start(host);
  }
  // Pulls the cable: nobody reaches the host, and it sees no broken connection.
  cut(host) {
    run('ip', 'link', 'set', this.cable(host), 'nomaster');
  }
  heal(host) {
    run('ip', 'link', 'set', this.cable(host), 'master', this.bridge);
  }
  // Only the other database hosts are out of reach, for this port or for all; clients still reach it.
  cutFromPeers(host, ...match) {
    this.firewall(host, '-A', match);
  }
  healFromPeers(host, ...match) {
    this.firewall(host, '-D', match);
  }
  firewall(host, action, match) {
    for (const peer of hosts.filter((other) => other !== host)) {
      const rule = (chain, side) => ['-w', action, chain, side, this.address(peer), ...match, '-j', 'DROP'];
      run('ip', 'netns', 'exec', this.space(host), 'iptables', ...rule('INPUT', '-s'));
      run('ip', 'netns', 'exec', this.space(host), 'iptables', ...rule('OUTPUT', '-d'));
    }
  }

  // The others need not wait until the leader's key runs out.
  async forgetLeader(host) {
    const other = this.address(hosts.find((one) => one !== host));
    await fetch(`http://${other}:2379/v2/keys/service/fairward/leader`, { method: 'DELETE' });
  }

  async stop() {
    for (const host of hosts) if (quietly('ip', 'netns', 'pids', this.space(host)) !== undefined) this.kill(host);
    this.processes.get('haproxy')?.kill('SIGKILL');
    await Promise.all([...this.processes.values()].map((child) => child.gone));
    for (const host of hosts) quietly('ip', 'netns', 'del', this.space(host));
    quietly('ip', 'link', 'del', this.bridge);
    if (process.env.FAIRWARD_KEEP) console.error(`kept: ${this.folder}`);
    else fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// What a test that was killed has left behind.
function sweep() {
  for (const [space, pid] of run('ip', 'netns', 'list').matchAll(/^fairward-(\d+)-[123]\b/gm)) {
    if (fs.existsSync(`/proc/${pid}`)) continue;
    for (const left of (quietly('ip', 'netns', 'pids', space) ?? '').split('\n').filter(Boolean)) {
      quietly('kill', '-9', left);
    }
    quietly('ip', 'netns', 'del', space);
    quietly('ip', 'link', 'del', `fwb${pid}`);
  }
}

export async function startDatabaseCluster(options) {
  sweep();
  const cluster = new DatabaseCluster(options);
  try {
    await cluster.open();
    return cluster;
  } catch (error) {
    await cluster.stop().catch(() => {});
    throw error;
  }
}
