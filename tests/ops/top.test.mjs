// `fairward top` before a server that runs: a page on paper, page after page into another program, on a terminal, and
// what it says where there is nothing to see.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk } from '../lib/expect.mjs';
import { command, commandResult, freePort, program, start } from '../lib/server.mjs';

const escapeKey = '\x1b';
const headings = ['node', 'calls', 'queues', 'database', 'nodes', 'booking', 'process', 'PROBLEMS', 'OPERATIONS'];

// Runs it, hands over what it prints, and answers how it ended.
function running(file, args, isEnough = () => false, end = () => {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, TERM: 'xterm' } });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not enough after 20 s: ${text}`));
    }, 20_000);
    let text = '';
    let isEnding = false;
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (isEnding || !isEnough(text)) return;
      isEnding = true;
      end(child);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve({ how: signal ?? code, text });
    });
  });
}

describe('top', () => {
  let world, url;
  before(async () => {
    world = await start({ engine: 'sqlite' });
    url = `http://127.0.0.1:${world.port}`;
    const patient = await world.patient();
    const doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
    const [slot] = await world.slots(doctor, { soonest: 3_600_000 });
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    isOk(await world.api('POST', '/api/holds', body, patient.token), 201);
    await world.api('GET', '/api/none');
  });
  after(() => world?.stop());

  // Calls while the page is reckoned.
  const withCalls = async (work) => {
    let isOver = false;
    const calls = (async () => {
      for (; !isOver; await sleep(20)) await world.api('GET', '/api/cities');
    })();
    try {
      return await work();
    } finally {
      isOver = true;
      await calls;
    }
  };

  test('--once prints one page', async () => {
    const { how, text } = await withCalls(() => running(program, ['top', '--once', '--url', url], () => false));
    assert.equal(how, 0);
    const found = text
      .split('\n')
      .map((line) => line.split(' ')[0])
      .filter(Boolean);
    assert.deepEqual(found, headings);
    assert.match(text, /^calls +[1-9]\d*\.\d \/s {3}p50 [\d.]+ [um]?s {3}p99 [\d.]+ [um]?s {3}5xx 0\.0 \/s/m);
    assert.match(text, /^node +fairward \d+\.\d+\.\d+, up \d+ min, \d{4}-/m);
    assert.match(text, /writers \d of 1 busy/);
    assert.match(text, /^booking +holds 1 /m);
    assert.match(text, /^process +memory [1-9]\d* MB .* files [1-9]\d* of [1-9]/m);
    assert.match(text, /^ +request\.route_not_found +0\.0 +1$/m);
    assert.match(text, /^ +city_list +[1-9]/m);
    assert.ok(!text.includes('\x1b'), 'no escape sequences on paper');
  });

  test('into another program it prints page after page until a signal', async () => {
    const pages = (text) => text.split('\nnode ').length;
    const { how, text } = await running(
      program,
      ['top', '--url', url],
      (printed) => pages(printed) > 2,
      (child) => child.kill('SIGTERM'),
    );
    assert.equal(how, 0);
    assert.ok(!text.includes('\x1b'));
  });

  test('on a terminal it draws over itself, and q gives the terminal back', async () => {
    const draw = `'${program}' top --url ${url}; echo "ended with $?"`;
    const line = `stty cols 60 rows 12; ${draw}; stty -a | tr ' ' '\\n' | grep -x -e '-\\?echo;\\?'`;
    const draws = (text) => text.split('\x1b[H').length - 1;
    const { text } = await running(
      'script',
      ['-qec', line, '/dev/null'],
      (printed) => draws(printed) >= 2,
      (child) => child.stdin.write('q'),
    );
    assert.ok(text.includes('\x1b[?1049h') && text.includes('\x1b[?1049l') && text.includes('\x1b[?25h'));
    assert.match(text, /ended with 0/);
    assert.match(text.slice(text.indexOf('ended with')), /^echo/m, 'keys are shown again');
    const page = text.slice(text.indexOf('\x1b[H') + 3, text.indexOf('\x1b[J'));
    const lines = page.replaceAll(new RegExp(`${escapeKey}\\[\\d*[mK]`, 'g'), '').split(/\r?\n/);
    assert.ok(lines.length <= 12 && lines.every((one) => one.length <= 60), page);
    assert.match(page, /calls/);
  });

  // The shell hears it as well, and is to stay: not every one would.
  test('ctrl-C ends it, too', async () => {
    const { text } = await running(
      'script',
      ['-qec', `trap : INT; '${program}' top --url ${url}; echo "ended with $?"`, '/dev/null'],
      (printed) => printed.includes('\x1b[J'),
      (child) => child.stdin.write('\x03'),
    );
    assert.match(text.split('\x1b[?1049l')[1], /ended with 0/);
  });

  test('says what is not there', async () => {
    const nobody = await freePort();
    const none = commandResult(['top', '--once', '--url', `http://127.0.0.1:${nobody}`]);
    assert.equal(none.status, 4);
    assert.match(none.error, new RegExp(`fairward: http://127\\.0\\.0\\.1:${nobody}/metrics: `));
    const other = http.createServer((_, reply) => reply.end('<html>hello</html>')).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { how } = await running(program, ['top', '--once', '--url', `http://127.0.0.1:${other.address().port}`]);
    other.close();
    assert.equal(how, 1);
    assert.equal(commandResult(['top', '--twice']).status, 2);
    assert.match(command(['top', '--help']), /--once/);
  });
});
