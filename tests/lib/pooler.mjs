// PgBouncer in transaction mode, with the configuration of deploy/postgres-ha: `folder` holds what render wrote.
//
//   const pooler = await startPooler(folder, { database: 'host=… port=… dbname=…', port, size: 3 });
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const isRoot = process.getuid() === 0;
const lineOf = (name, value) => [new RegExp(`^${name} = .*$`, 'm'), `${name} = ${value}`];

const accepts = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('connect', () => socket.end());
  });

// What differs on this machine is replaced line by line; a line that is not there is a mistake.
export async function startPooler(folder, { port, database, size }) {
  let text = fs.readFileSync(path.join(folder, 'pgbouncer.ini'), 'utf8');
  const changes = [lineOf('auth_file', path.join(folder, 'userlist.txt'))];
  if (port) changes.push(lineOf('listen_port', port));
  if (database) changes.push(lineOf('fairward', database));
  if (size) changes.push(lineOf('default_pool_size', size), lineOf('min_pool_size', 0));
  for (const [line, wanted] of changes) {
    if (!line.test(text)) throw new Error(`pgbouncer.ini has no line ${line}`);
    text = text.replace(line, wanted);
  }
  const file = path.join(folder, 'pooler.ini');
  fs.writeFileSync(file, text);
  if (isRoot) execFileSync('chown', ['postgres:', folder, file, path.join(folder, 'userlist.txt')]);
  const log = fs.openSync(path.join(folder, 'pooler.log'), 'a');
  const command = [
    ...(isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : []),
    'pgbouncer',
    file,
  ];
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', log, log],
    cwd: '/',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
  fs.closeSync(log);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const listens = Number(/^listen_port = (\d+)$/m.exec(text)[1]);
  for (let tries = 0; !(await accepts(listens)); tries++) {
    if (child.exitCode !== null || tries > 200)
      throw new Error(`pgbouncer: ${fs.readFileSync(path.join(folder, 'pooler.log'))}`);
    await sleep(25);
  }
  return {
    port: listens,
    async stop() {
      child.kill('SIGINT');
      setTimeout(() => child.kill('SIGKILL'), 3000).unref();
      await ended;
    },
  };
}
