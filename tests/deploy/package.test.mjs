// The Debian package and the systemd unit: what they contain, that the program runs from them as the unit starts it,
// and that manual page and completion say what --help says.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '../lib/client.mjs';
import { command, freePort, program } from '../lib/server.mjs';

const source = fileURLToPath(new URL('../../', import.meta.url));
const run = (file, args, options = {}) =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], ...options });
const has = (file) =>
  (process.env.PATH ?? '').split(':').some((folder) => fs.existsSync(path.join(folder, file))) ? false : `no ${file}`;

// Every command as --help tells it: {path: 'user add', options: ['--role', …]}.
function commandsOf(words = []) {
  const help = command([...words, '--help']);
  const part = (title) => (help.split(`\n${title}:\n`)[1] ?? '').split('\n\n')[0];
  const options = [...part('Options').matchAll(/^ {2}(?:-\w,)?(--[a-z-]+)/gm)].map((match) => match[1]);
  const names = [...part('Subcommands').matchAll(/^ {2}([a-z0-9-]+)/gm)].map((match) => match[1]);
  return [{ path: words.join(' '), options, names }, ...names.flatMap((name) => commandsOf([...words, name]))];
}

describe('the Debian package', () => {
  let folder;
  let root; // where it is unpacked
  let file;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-package-'));
    const build = path.dirname(program);
    run('cpack', ['-G', 'DEB', '--config', path.join(build, 'CPackConfig.cmake'), '-B', folder], {
      cwd: folder,
      env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
    });
    file = path.join(
      folder,
      fs.readdirSync(folder).find((name) => name.endsWith('.deb')),
    );
    root = path.join(folder, 'root');
    run('dpkg-deb', ['-x', file, root]);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('says what it is and needs', () => {
    const field = (name) => run('dpkg-deb', ['-f', file, name]).trim();
    assert.equal(field('Package'), 'fairward');
    assert.equal(`fairward ${field('Version')}`, command(['--version']).trim());
    for (const name of ['libpq5', 'libsqlite3-0', 'libsodium23', 'libssl3', 'libcurl4', 'tzdata', 'ca-certificates'])
      assert.match(field('Depends'), new RegExp(`(^|, )${name}( |,|$)`), name);
    const control = path.join(folder, 'control');
    run('dpkg-deb', ['-e', file, control]);
    assert.equal(fs.readFileSync(path.join(control, 'conffiles'), 'utf8'), '/etc/fairward/fairward.toml\n');
    for (const script of ['postinst', 'prerm', 'postrm']) {
      assert.equal(fs.statSync(path.join(control, script)).mode & 0o777, 0o755, script);
      run('sh', ['-n', path.join(control, script)]);
    }
  });

  test('puts every file where Debian looks for it, and makes none writable', () => {
    const lines = run('dpkg-deb', ['-c', file]).trim().split('\n');
    const files = new Map(lines.map((line) => [line.split(/\s+/)[5].slice(1), line]));
    for (const name of [
      '/usr/bin/fairward',
      '/lib/systemd/system/fairward.service',
      '/usr/lib/sysusers.d/fairward.conf',
      '/usr/lib/tmpfiles.d/fairward.conf',
      '/etc/fairward/fairward.toml',
      '/usr/share/man/man1/fairward.1.gz',
      '/usr/share/bash-completion/completions/fairward',
      '/usr/share/zsh/vendor-completions/_fairward',
      '/usr/share/fish/vendor_completions.d/fairward.fish',
      '/usr/share/doc/fairward/copyright',
      '/usr/share/doc/fairward/changelog.gz',
      '/usr/share/doc/fairward/examples/nginx/conf.d/fairward.conf',
    ])
      assert.ok(files.has(name), name);
    for (const [name, line] of files) {
      assert.match(line, /^\S+ root\/root /, name);
      const mode = name.endsWith('/') ? 'drwxr-xr-x' : name.startsWith('/usr/bin/') ? '-rwxr-xr-x' : '-rw-r--r--';
      assert.equal(line.slice(0, 10), mode, name);
    }
  });

  test('lintian has nothing to say', { skip: has('lintian') }, () => {
    assert.equal(run('lintian', ['--allow-root', '--fail-on', 'none', file]).trim(), '');
  });

  test('sysusers and tmpfiles make the user and guard its files', { skip: has('systemd-sysusers') }, () => {
    const place = path.join(folder, 'system');
    fs.cpSync(root, place, { recursive: true });
    run('systemd-sysusers', [`--root=${place}`, 'fairward.conf']);
    const user = fs.readFileSync(path.join(place, 'etc/passwd'), 'utf8');
    assert.match(user, /^fairward:x:\d+:\d+:Fairward:\/var\/lib\/fairward:\/usr\/sbin\/nologin$/m);
    if (process.getuid() !== 0) return; // giving files away is root's
    run('systemd-tmpfiles', [`--root=${place}`, '--create', 'fairward.conf']);
    const mode = (name) => (fs.statSync(path.join(place, name)).mode & 0o777).toString(8);
    assert.equal(mode('etc/fairward/fairward.toml'), '640');
    assert.equal(mode('var/lib/fairward'), '700');
    const number = Number(/^fairward:x:(\d+)/m.exec(user)[1]);
    assert.equal(fs.statSync(path.join(place, 'var/lib/fairward')).uid, number);
  });

  test('the program runs from it, tells the service manager, and ends in order', async () => {
    const installed = path.join(root, 'usr/bin/fairward');
    const data = path.join(folder, 'data');
    const port = await freePort();
    const socket = path.join(folder, 'notify');
    const hear = `import socket,sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(30)
print('bound', flush=True)
while True:
    word = s.recv(100).decode()
    print(word, flush=True)
    if word.startswith('STOPPING'): break`;
    const manager = spawn('python3', ['-c', hear, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    const words = [];
    const heard = (word) =>
      new Promise((resolve, reject) => {
        const look = () => words.includes(word) && resolve();
        manager.stdout.on('data', look);
        manager.once('exit', () => (words.includes(word) ? resolve() : reject(new Error(`not heard: ${word}`))));
        look();
      });
    manager.stdout.on('data', (bytes) => words.push(...String(bytes).trim().split('\n')));
    await heard('bound');
    const settings = [
      '--config',
      path.join(root, 'etc/fairward/fairward.toml'),
      `--data.folder=${data}`,
      `--http.port=${port}`,
      '--database.reserve_megabytes=0',
    ];
    const child = spawn(installed, ['serve', ...settings], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NOTIFY_SOCKET: socket },
    });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    child.stderr.resume();
    await heard('READY=1');
    const client = new Client(port);
    assert.equal((await client.request('GET', '/ready')).status, 200);
    client.close();
    assert.match(run(installed, ['health', ...settings]), /"ready"/);
    assert.match(run(installed, ['health', '--live', '--url', `http://127.0.0.1:${port}`]), /"ok"/);
    assert.equal(fs.statSync(data).mode & 0o777, 0o700);
    child.kill('SIGTERM');
    await heard('STOPPING=1');
    assert.equal(await ended, 0);
    const dead = (() => {
      try {
        run(installed, ['health', ...settings]);
        return 0;
      } catch (failure) {
        return failure.status;
      }
    })();
    assert.equal(dead, 4, 'nobody there');
  });

  test('the settings file is sound', () => {
    command(['config', 'check', '--config', path.join(root, 'etc/fairward/fairward.toml')]);
  });

  test('the manual page has every command and option, and no mistakes', () => {
    const page = fs.readFileSync(path.join(source, 'deploy/debian/fairward.1'), 'utf8').replaceAll('\\-', '-');
    for (const { path: name, options } of commandsOf()) {
      assert.ok(page.includes(name), `command ${name}`);
      for (const option of options) assert.ok(page.includes(option), `${option} of ${name}`);
    }
    const known = new Set(commandsOf().flatMap(({ options }) => options));
    for (const [, option] of page.replace(/^systemctl .*$/gm, '').matchAll(/(--[a-z][a-z-]*[a-z])/g))
      assert.ok(known.has(option) || option === '--section', `${option} is no option`);
  });
  test('groff reads the manual page', { skip: has('groff') }, () => {
    const done = execFileSync('sh', ['-c', `groff -man -ww -z ${source}deploy/debian/fairward.1 2>&1`], {
      encoding: 'utf8',
    });
    assert.equal(done, '');
  });

  test('bash completes every command and option', () => {
    const script = path.join(root, 'usr/share/bash-completion/completions/fairward');
    const complete = (words) => {
      const list = words.map((word) => `'${word}'`).join(' ');
      const lines = `. ${script}\nCOMP_WORDS=(fairward ${list}); COMP_CWORD=${words.length}; _fairward\n`;
      return run('bash', ['-c', `${lines}printf '%s\\n' "\${COMPREPLY[@]}"`])
        .split('\n')
        .filter(Boolean);
    };
    for (const { path: name, options, names } of commandsOf()) {
      const offered = complete([...name.split(' ').filter(Boolean), '']);
      assert.deepEqual(offered.sort(), [...options, ...names].sort(), name);
    }
    assert.deepEqual(complete(['us']), ['user']);
    assert.deepEqual(complete(['user', 'add', '--role', 'patient', '--lo']), ['--login'], 'values are passed by');
  });
});

describe('the systemd unit', { skip: has('systemd-analyze') }, () => {
  const unit = path.join(source, 'deploy/systemd/fairward.service');
  const place = () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairward-unit-'));
    const file = path.join(folder, 'fairward.service');
    const text = fs
      .readFileSync(unit, 'utf8')
      .replace('/usr/bin/fairward', program)
      .replace(/^Documentation=.*\n/m, '');
    fs.writeFileSync(file, text);
    return { folder, file, text };
  };
  // What systemd-analyze says, with its status: it fails for warnings too when told to.
  const analyze = (args) => {
    try {
      return { status: 0, out: execFileSync('sh', ['-c', `systemd-analyze ${args} 2>&1`], { encoding: 'utf8' }) };
    } catch (failure) {
      return { status: failure.status, out: String(failure.stdout) };
    }
  };

  test('is understood in full', () => {
    const { folder, file, text } = place();
    const sound = analyze(`verify --man=no ${file}`);
    assert.equal(sound.status, 0, sound.out);
    assert.doesNotMatch(sound.out, /fairward\.service/, sound.out);
    fs.writeFileSync(file, text.replace('ProtectHome=yes', 'ProtectHomes=yes'));
    assert.match(analyze(`verify --man=no ${file}`).out, /ProtectHomes/, 'a misspelt setting is found');
    fs.rmSync(folder, { recursive: true });
  });

  test('is exposed by less than 2 of 10', () => {
    const { folder, file, text } = place();
    const judged = analyze(`security --offline=true --threshold=20 ${file}`);
    assert.equal(judged.status, 0, judged.out);
    fs.writeFileSync(file, text.replace(/^SystemCallFilter=.*\n/gm, '').replace('CapabilityBoundingSet=\n', ''));
    assert.notEqual(analyze(`security --offline=true --threshold=20 ${file}`).status, 0, 'the threshold can be missed');
    fs.rmSync(folder, { recursive: true });
  });

  test('gives the program more time to stop than it takes', () => {
    const text = fs.readFileSync(unit, 'utf8');
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(text);
    const table = fs.readFileSync(path.join(source, 'docs/configuration.md'), 'utf8');
    const [, grace] = /`http\.stop_seconds_max` \| [^|]*\| `(\d+)`/.exec(table);
    assert.ok(Number(seconds) >= Number(grace) + 10, `${seconds} s for ${grace} s`);
  });
});
