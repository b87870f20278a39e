// A Docker engine of its own for one test file, started by hand: no bridge, no firewall rules, everything below one
// folder that is gone at the end. Needs root, and the packages of `tools/setup.sh nightly`. The base image is made of
// Debian's packages, since a machine of tests need not reach a registry.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const certificates = '/usr/local/share/ca-certificates';
// Of Debian's package docker.io, which fits its engine.
const client = fs.existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

const has = (file) => ['/usr/bin', '/usr/sbin'].some((folder) => fs.existsSync(path.join(folder, file)));
export const containersMissing =
  process.getuid() !== 0
    ? 'not root'
    : ['dockerd', 'docker-compose', 'mmdebstrap']
        .filter((file) => !has(file))
        .map((file) => `no ${file}`)
        .join(', ');

export async function startEngine() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-docker-'));
  const address = `unix://${folder}/socket`;
  const environment = { ...process.env, DOCKER_HOST: address, DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' };
  const log = fs.openSync(path.join(folder, 'log'), 'a');
  const flags = ['--data-root', `${folder}/data`, '--exec-root', `${folder}/exec`, '--pidfile', `${folder}/pid`];
  const quiet = ['--bridge=none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'];
  const engine = spawn('dockerd', [...flags, '-H', address, '--storage-driver', 'overlay2', ...quiet], {
    stdio: ['ignore', log, log],
  });
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  const run = (file, args, options = {}) =>
    execFileSync(file, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: root,
      env: environment,
      maxBuffer: 1 << 28,
      ...options,
    });
  const docker = (...args) => run(client, args);
  const stop = async () => {
    engine.kill('SIGTERM');
    await ended;
    fs.closeSync(log);
    // What the engine left mounted, the innermost first.
    const mounts = fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const own = mounts.map((line) => line.split(' ')[4] ?? '').filter((place) => place.startsWith(`${folder}/`));
    for (const place of own.reverse()) run('umount', ['-l', place]);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    try {
      docker('version');
      break;
    } catch (failure) {
      if (engine.exitCode !== null || tries > 200) {
        const said = fs.readFileSync(path.join(folder, 'log'), 'utf8').slice(-2000);
        await stop();
        throw new Error(`dockerd did not start: ${failure.stderr}\n${said}`);
      }
      await sleep(100);
    }
  }

  return {
    folder,
    docker,
    stop,
    // Debian 12 from its packages, with the certificates that this machine trusts beside Debian's.
    base(name) {
      const archive = path.join(folder, 'base.tar');
      const own = fs.existsSync(certificates) && fs.readdirSync(certificates).length > 0;
      const hooks = own
        ? [
            `--customize-hook=copy-in ${certificates} /usr/local/share`,
            '--customize-hook=chroot "$1" update-ca-certificates',
          ]
        : [];
      const mirror = 'http://deb.debian.org/debian';
      const sources = [
        `deb ${mirror} bookworm main`,
        `deb ${mirror} bookworm-updates main`,
        `deb ${mirror}-security bookworm-security main`,
      ];
      const shape = ['--variant=minbase', '--include=ca-certificates'];
      run('mmdebstrap', [...shape, ...hooks, 'bookworm', archive, ...sources]);
      const trust = '--change=ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt';
      docker('import', trust, archive, name);
      fs.rmSync(archive);
    },
    build(image, file, context, base) {
      const where = ['--network', 'host', '--build-arg', `BASE=${base}`];
      docker('build', '-q', ...where, '-f', path.join(root, 'deploy/container', file), '-t', image, context);
    },
    compose(project, settings, ...args) {
      return run('docker-compose', [
        '-p',
        project,
        '--env-file',
        settings,
        '-f',
        path.join(root, 'compose.yaml'),
        ...args,
      ]);
    },
  };
}
