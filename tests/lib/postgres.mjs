// A PostgreSQL 15 cluster of its own for one test file: no port, a socket in a temporary folder, gone at the end.
// The server refuses to run as root, so root hands over to the user postgres.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const bin = process.env.FAIRWARD_POSTGRES_BIN ?? '/usr/lib/postgresql/15/bin';

export const postgresMissing = fs.existsSync(path.join(bin, 'initdb')) ? '' : `no PostgreSQL in ${bin}`;

const isRoot = process.getuid() === 0;

function asPostgres(command, args) {
  return isRoot
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', command, ...args]]
    : [command, args];
}

function run(command, args) {
  const [file, all] = asPostgres(path.join(bin, command), args);
  return execFileSync(file, all, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', encoding: 'utf8' });
}

// What psql prints for statements, without decoration.
export function psql(url, statements) {
  const args = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', url];
  return execFileSync(path.join(bin, 'psql'), args, {
    input: statements,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

function own(folder) {
  if (isRoot) execFileSync('chown', ['postgres:', folder]);
}

async function untilReady(folder, child) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode}: ${folder}/log`);
    try {
      run('pg_isready', ['-q', '-h', folder]);
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`postgres did not become ready: ${folder}/log`);
}

// {url(name): connection string of a fresh database, stop()}
// `more`: settings besides, as name=value; each later one wins.
export async function startPostgres(more = []) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-postgres-'));
  own(folder);
  fs.chmodSync(folder, 0o755);
  const data = path.join(folder, 'data');
  run('initdb', [
    '-D',
    data,
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--username=fairward',
  ]);
  // The program is killed in these tests, the database is not: it may leave out the syncs.
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'max_connections=60',
    'fairward.partitions=8', // so that what runs here runs over partitions
    'shared_buffers=64MB',
    ...more,
  ];
  const log = fs.openSync(path.join(folder, 'log'), 'a');
  let child, ended;
  const serve = async (besides = []) => {
    const flags = [...settings, ...besides].flatMap((line) => ['-c', line]);
    const [file, args] = asPostgres(path.join(bin, 'postgres'), ['-D', data, ...flags]);
    child = spawn(file, args, { stdio: ['ignore', log, log], cwd: '/' });
    ended = new Promise((resolve) => child.once('exit', resolve));
    await untilReady(folder, child);
  };
  await serve();
  let count = 0;
  return {
    socket: path.join(folder, '.s.PGSQL.5432'),
    // Of a fresh database, or of a copy of one to which nobody is connected.
    url(template = 'template1') {
      const name = `fairward_${++count}`;
      run('createdb', ['-h', folder, '-U', 'fairward', '-T', template, name]);
      return `postgresql:///${name}?host=${encodeURIComponent(folder)}&user=fairward`;
    },
    // The rows that a statement returns, as lists of texts.
    rows(url, statement) {
      const text = run('psql', ['-X', '-A', '-t', '-F', '\t', '-c', statement, url]);
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t'));
    },
    folder,
    data,
    run, // a program of PostgreSQL, as the user that owns the cluster
    serve,
    // The postmaster alone: its processes see that it is gone, and go.
    async crash() {
      child.kill('SIGKILL');
      await ended;
      const isThere = () => fs.existsSync(`/proc/${child.pid}`);
      while (isThere()) await sleep(10);
      await sleep(500);
    },
    async stop() {
      child.kill('SIGINT'); // fast shutdown; setpriv has become postgres, so this pid is the postmaster
      await ended;
      fs.closeSync(log);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
