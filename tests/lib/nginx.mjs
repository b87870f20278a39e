// The gateway of deploy/nginx on a free port of the loopback, with the nodes a test names. The files are those that
// operators get; only what must differ on this machine is replaced: ports, the pid file, the list of nodes.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './server.mjs';

const source = fileURLToPath(new URL('../../deploy/nginx/', import.meta.url));
export const nginxProgram = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file)) ?? 'nginx';

function replace(file, pairs) {
  let text = fs.readFileSync(file, 'utf8');
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  fs.writeFileSync(file, text);
}

// How a node's line in nodes.conf looks, taken from the example that is there.
function nodeLines(file, ports) {
  const example = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .find((line) => line.startsWith('server '));
  return ports.map((port) => `${example.replace(/server \S+/, `server 127.0.0.1:${port}`)}\n`).join('');
}

// A copy of deploy/nginx with the loopback's ports. `services`: {authentication: [port…], …} or
// `cells`: {a: [port…], rest: [port…]} instead of `nodes`; `hospitals` of cell a.
export function gatewayFiles(folder, port, { nodes, services, cells, hospitals, tls, failsMax }) {
  fs.cpSync(source, folder, { recursive: true });
  replace(path.join(folder, 'nginx.conf'), [
    ['/tmp/', `${folder}/`],
    ['stderr', `${folder}/error.log`],
  ]);
  const lines = [['listen 80 ', `listen 127.0.0.1:${port} `]];
  const routes = services ? 'services' : cells ? 'cells' : '';
  if (routes) {
    lines.push(['include fairward/routes_nodes.conf;', '']);
    lines.push([`# include fairward/routes_${routes}.conf;`, `include fairward/routes_${routes}.conf;`]);
  }
  if (tls) lines.push(['# include fairward/tls.conf;', 'include fairward/tls.conf;']);
  replace(path.join(folder, 'conf.d/fairward.conf'), lines);
  const write = (name, ports) => {
    const file = path.join(folder, 'fairward', name);
    fs.writeFileSync(file, nodeLines(file, ports));
  };
  if (nodes) write('nodes.conf', nodes);
  for (const [name, ports] of Object.entries(services ?? {})) write(`services/${name}.conf`, ports);
  for (const [name, ports] of Object.entries(cells ?? {})) write(`cells/${name}.conf`, ports);
  if (hospitals) replace(path.join(folder, 'fairward/routes_cells.conf'), [['(12|17)', `(${hospitals.join('|')})`]]);
  if (tls) {
    replace(path.join(folder, 'fairward/tls.conf'), [
      ['listen 443 ', `listen 127.0.0.1:${tls.port} `],
      ['/etc/nginx/fairward/tls/fullchain.pem', tls.certificate],
      ['/etc/nginx/fairward/tls/privkey.pem', tls.key],
    ]);
  }
  if (failsMax !== undefined) {
    replace(path.join(folder, 'fairward/nodes.conf'), [['max_fails=2', `max_fails=${failsMax}`]]);
  }
}

// What nginx -t says about the files in a folder; throws when it refuses them.
export function configurationCheck(folder) {
  return execFileSync(nginxProgram, ['-t', '-p', folder, '-c', path.join(folder, 'nginx.conf')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function startGateway(options) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-nginx-'));
  fs.chmodSync(folder, 0o755);
  const port = options.port ?? (await freePort());
  gatewayFiles(folder, port, options);
  const child = spawn(nginxProgram, ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const log = () => fs.readFileSync(path.join(folder, 'error.log'), 'utf8');
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`nginx did not start\n${log()}`);
    const status = await new Promise((resolve) => {
      http
        .get({ host: '127.0.0.1', port, path: '/metrics' }, (reply) => resolve(reply.resume().statusCode))
        .on('error', () => resolve(0));
    });
    if (status === 404) break;
    await sleep(25);
  }
  return {
    port,
    folder,
    log,
    // Writes nodes.conf anew and has nginx read it, as an operator does.
    async nodes(ports) {
      const file = path.join(folder, 'fairward/nodes.conf');
      fs.writeFileSync(file, nodeLines(file, ports));
      child.kill('SIGHUP');
      await sleep(500);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
