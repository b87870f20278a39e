// Hostile clients, and more clients than there is room for, against one server with the limits that it has by itself.
// While each attack lasts, /health answers, and a patient who behaves gets a slot and lets it go; the server stays
// within its memory, and stops when told to. FAIRWARD_LONG=1 attacks for longer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, exchange, launch, statusesOf } from '../lib/attackers.mjs';
import { Client, pooled } from '../lib/client.mjs';
import { isOk } from '../lib/expect.mjs';
import { startGateway } from '../lib/nginx.mjs';
import { command, start } from '../lib/server.mjs';

const isLong = Boolean(process.env.FAIRWARD_LONG);
const streamsWanted = 10_000;
const garbageSeconds = isLong ? 60 : 4;
const slackSeconds = 5; // deadlines are a second coarse, and the machine is busy
const headSeconds = 10; // http.h: head_seconds_max and the two below it
const bodySeconds = 20;
const writeSeconds = 30;
const healthMsMax = 3000; // the attackers take the same processors
const healthMsMedianMax = 500;
const callMsMax = 4000;
const megabyte = 1 << 20;

// Tests run with wide limits; here those that everybody gets.
const usualLimits = Object.fromEntries(
  [...command(['config', 'table']).matchAll(/^\| `(limits\.\w+)` \| [^|]+\| `(\d+)`/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
);

const memoryOf = (pid) => 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const whole = (bytes) => `${Math.round(bytes / megabyte)} MB`;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const statusCounts = (replies) => {
  const counts = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

// A refusal that says when to come back.
function isLater(reply, status) {
  assert.equal(reply.status, status, reply.text);
  assert.match(reply.headers['content-type'] ?? '', /^application\/problem\+json/);
  assert.ok(Number(reply.headers['retry-after']) >= 1, 'Retry-After');
  assert.equal(reply.body.status, status);
}

async function bookable(world) {
  const doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
  await world.schedule(doctor, { starts: '09:00', ends: '17:00', slot_minutes: 10 });
  const starts = (await world.slots(doctor, { soonest: 3 * 86_400_000 })).map((slot) => slot.starts_at);
  return { doctor, starts };
}

describe('hostile clients', () => {
  let world, doctor, starts, patients, memoryAtRest, slow;
  const memory = () => memoryOf(world.server.process.pid);

  before(async () => {
    world = await start({ settings: { ...usualLimits, 'http.trusted_proxies': '127.0.0.1', 'log.level': 'error' } });
    ({ doctor, starts } = await bookable(world));
    patients = await pooled(Array.from({ length: 8 }), 2, () => world.patient());
    await sleep(300);
    memoryAtRest = memory();
  });
  after(() => world?.server.isRunning && world.stop());

  // One slot is held and let go, again and again, by patients in turn: nobody comes near the limit of a user.
  const bookAndRelease = async (client, turn) => {
    const { token } = patients[turn % 4];
    const began = performance.now();
    const body = { doctor_id: doctor, starts_at: starts[turn % 50] };
    const hold = isOk(await client.request('POST', '/api/holds', { body, token, timeoutMs: 15_000 }), 201);
    const released = await client.request('DELETE', `/api/holds/${hold.id}`, { token, timeoutMs: 15_000 });
    assert.equal(released.status, 204, released.text);
    return performance.now() - began;
  };

  // Watches the server while the attack lasts. Answers what the attack answers.
  const during = async (t, attack, { memoryMax = memoryAtRest + 128 * megabyte } = {}) => {
    const asking = new Client(world.port, { address: '127.9.0.1', keepAlive: false });
    const booking = new Client(world.port, { address: '127.9.0.2' });
    const healthMs = [];
    const bookingMs = [];
    let memoryMost = memory();
    let isOver = false;
    const askHealth = async () => {
      for (; !isOver || healthMs.length === 0; await sleep(100)) {
        const began = performance.now();
        isOk(await asking.request('GET', '/health', { timeoutMs: 15_000 }), 200);
        healthMs.push(performance.now() - began);
        memoryMost = Math.max(memoryMost, memory());
      }
    };
    const book = async () => {
      for (let turn = 0; !isOver || bookingMs.length === 0; turn++, await sleep(400))
        bookingMs.push(await bookAndRelease(booking, turn));
    };
    const watched = Promise.all([askHealth(), book()]);
    try {
      return await Promise.race([attack(), watched.then(() => assert.fail('the watch ended before the attack'))]);
    } finally {
      isOver = true;
      await watched;
      asking.close();
      booking.close();
      const times = (list) => `${median(list).toFixed(0)} ms, at most ${Math.max(...list).toFixed(0)}`;
      t.diagnostic(`/health ${times(healthMs)}; hold and release ${times(bookingMs)} (${bookingMs.length} times)`);
      t.diagnostic(`memory ${whole(memoryMost)}, at rest ${whole(memoryAtRest)}`);
      assert.ok(Math.max(...healthMs) < healthMsMax, 'health answers in time');
      assert.ok(median(healthMs) < healthMsMedianMax, 'health answers soon');
      assert.ok(Math.max(...bookingMs) < 2 * callMsMax, 'a patient is served in time');
      assert.ok(memoryMost < memoryMax, `memory ${whole(memoryMost)}`);
    }
  };

  test('slow clients of every kind begin, and last through the next attacks', async () => {
    const head = 'POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const common = { port: world.port, count: 300, addresses: 10 };
    const seconds = (most) => most + 2 * slackSeconds;
    const large = 'GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n';
    slow = {
      heads: await launch('slow', { ...common, part: 4, first: head, piece: 'x', seconds: seconds(headSeconds) }),
      bodies: await launch('slow', {
        ...{ ...common, part: 5, piece: '1', seconds: seconds(bodySeconds) },
        first: `${head}Content-Length: 1000\r\n\r\n`,
      }),
      chunks: await launch('slow', {
        ...{ ...common, part: 6, piece: '1\r\n1\r\n', seconds: seconds(bodySeconds) },
        first: `${head}Transfer-Encoding: chunked\r\n\r\n`,
      }),
      readers: await launch('deaf', {
        ...{ port: world.port, part: 7, count: 40, requests: 500, request: large },
        seconds: writeSeconds + 2 * slackSeconds,
      }),
    };
  });

  test(`${streamsWanted} event streams that only listen`, async (t) => {
    const files = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' })) || Infinity;
    const count = Math.min(streamsWanted, files - 1000);
    if (count < streamsWanted) t.diagnostic(`only ${count}: this account may not open more files`);
    const target = `/api/events?topics=doctor/${doctor}`;
    await during(
      t,
      async () => {
        const before = memory();
        const streams = await launch('streams', { port: world.port, part: 1, count, addresses: 100, target });
        assert.deepEqual(streams.first, { open: count, refused: 0 });
        const each = (memory() - before) / count;
        t.diagnostic(`${count} streams, ${(each / 1024).toFixed(1)} KB of memory each`);
        assert.ok(each <= 16 * 1024, `${each} bytes`);
        await sleep(isLong ? 60_000 : 2000); // every hold is told to all of them
        const word = await streams.stop();
        t.diagnostic(`${word.events} events were told`);
        assert.equal(word.closed, 0, 'none was closed');
        assert.ok(word.events >= count, 'they heard what happened');
      },
      { memoryMax: memoryAtRest + 256 * megabyte },
    );
  });

  test('more streams than an address may have are refused, not those of others', async () => {
    const options = { port: world.port, count: 200, addresses: 1, target: `/api/events?topics=doctor/${doctor}` };
    const greedy = await launch('streams', { ...options, part: 2 });
    assert.deepEqual(greedy.first, { open: 120, refused: 80 });
    const other = await launch('streams', { ...options, part: 3, count: 10 });
    assert.deepEqual(other.first, { open: 10, refused: 0 });
    await Promise.all([greedy.stop(), other.stop()]);
  });

  test(`garbage for ${garbageSeconds} s, as much as a process can send`, async (t) => {
    const { bytes, replies, connections } = await during(t, async () => {
      const options = { port: world.port, part: 8, connections: 32, addresses: 8, seconds: garbageSeconds };
      return (await launch('garbage', options)).ended;
    });
    const rate = (count) => Math.round(count / garbageSeconds);
    t.diagnostic(`a second: ${rate(bytes / 1e6)} MB, ${rate(replies)} replies, ${rate(connections)} connections`);
    assert.ok(replies > 1000 * garbageSeconds, 'it was an attack');
  });

  test('heads like bombs', async (t) => {
    const get = (rest) => `GET /health HTTP/1.1\r\nHost: a\r\n${rest}\r\n\r\n`;
    const bombs = {
      'many fields': get(Array.from({ length: 101 }, (_, i) => `x${i}: y`).join('\r\n')),
      'very many fields': get('a: b\r\n'.repeat(200_000)),
      'one large field': get(`x: ${'y'.repeat(20_000)}`),
      'one huge field': get(`x: ${'y'.repeat(4_000_000)}`),
      'a huge name': get(`${'y'.repeat(1_000_000)}: x`),
      'a huge target': `GET /${'y'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      'a huge method': `${'Y'.repeat(1_000_000)} / HTTP/1.1\r\nHost: a\r\n\r\n`,
      'a huge cookie': get(`Cookie: ${'a=b; '.repeat(100_000)}`),
    };
    await during(t, async () => {
      for (let round = 0; round < (isLong ? 20 : 2); round++)
        await Promise.all(
          Object.entries(bombs).flatMap(([what, bytes]) =>
            Array.from({ length: 10 }, async (_, number) => {
              const reply = await exchange(world.port, bytes, { address: addressOf(10, number), silenceMs: 3000 });
              // What is still being sent when the connection closes may reset it before the refusal was read.
              const allowed = bytes.length > 100_000 ? [[431], []] : [[431]];
              assert.ok(
                allowed.some((statuses) => String(statuses) === String(statusesOf(reply.text))),
                `${what}: ${reply.text.slice(0, 200)}`,
              );
              assert.ok(reply.isClosed, `${what}: closed`);
            }),
          ),
        );
    });
  });

  // The second request hides in the first one. Were it ever acted upon, the hold would be gone.
  const smuggled = (hold, token) => {
    const second = `DELETE /api/holds/${hold} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const size = second.length;
    const post = (fields, body) => `POST /api/auth/login HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
    const inChunks = `${size.toString(16)}\r\n${second}\r\n0\r\n\r\n`;
    const both = (encoding) => `Content-Length: ${5 + size}\r\n${encoding}`;
    return {
      'CL.TE': post(both('Transfer-Encoding: chunked'), `0\r\n\r\n${second}`),
      'TE.CL': post('Transfer-Encoding: chunked\r\nContent-Length: 4', inChunks),
      'TE.0': post('Transfer-Encoding: chunked', inChunks),
      'CL.0': `GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${second}`,
      'TE.TE': post(both('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity'), `0\r\n\r\n${second}`),
      'an unknown coding': post(both('Transfer-Encoding: xchunked'), `0\r\n\r\n${second}`),
      'a space before the colon': post(both('Transfer-Encoding : chunked'), `0\r\n\r\n${second}`),
      'a tab in the coding': post(both('Transfer-Encoding: \x0bchunked'), `0\r\n\r\n${second}`),
      'a folded coding': post(both('x: y\r\n Transfer-Encoding: chunked'), `0\r\n\r\n${second}`),
      'a folded length': post(`Content-Length:\r\n ${size}`, second),
      'two lengths': post(`Content-Length: 0\r\nContent-Length: ${size}`, second),
      'two lengths that agree': post(`Content-Length: ${size}\r\nContent-Length: ${size}`, second),
      'a list of lengths': post(`Content-Length: 0, ${size}`, second),
      'a signed length': post(`Content-Length: +${size}`, second),
      'a hexadecimal length': post(`Content-Length: 0x${size.toString(16)}`, second),
      'a length that overflows': post(`Content-Length: 18446744073709551616`, second),
      'a chunk size that overflows': post('Transfer-Encoding: chunked', `10000000000000000\r\n${second}`),
      'a chunk extension with a bare LF': post('Transfer-Encoding: chunked', `1;a\nX\r\n0\r\n\r\n${second}`),
      'a chunk that ends with LF': post('Transfer-Encoding: chunked', `1\r\nX\n0\n\n${second}`),
      'a length hidden from the next hop': post(`Connection: Content-Length\r\nContent-Length: ${size}`, second),
      'a bare CR in a field': post(`x: y\rContent-Length: ${size}\r\nContent-Length: ${size}`, second),
      'NUL in a field': post(`x: \0\r\nContent-Length: ${size}`, second),
      'HTTP/1.0 and chunked': post('Transfer-Encoding: chunked', inChunks).replace('HTTP/1.1', 'HTTP/1.0'),
    };
  };

  // nginx takes a bare LF for the end of a line. What follows is then a second request of the same client, which nginx
  // frames anew: the two hops agree, and nothing was hidden. The server itself refuses it.
  const withBareLf = ['a chunk extension with a bare LF', 'a chunk that ends with LF'];

  const smuggle = async (port, part, holder, without = []) => {
    const body = { doctor_id: doctor, starts_at: starts[50 + part] };
    const hold = isOk(await world.api('POST', '/api/holds', body, holder.token), 201);
    const tries = Object.entries(smuggled(hold.id, holder.token)).filter(([what]) => !without.includes(what));
    for (let round = 0; round < (isLong ? 20 : 2); round++) {
      const replies = await pooled(tries, 8, ([, bytes], number) =>
        exchange(port, bytes, { address: addressOf(part, number) }),
      );
      tries.forEach(([what], number) => {
        const { text } = replies[number];
        const statuses = statusesOf(text).filter((status) => status >= 200);
        assert.ok(statuses.length <= 1, `${what}: a second answer\n${text}`);
        assert.ok((statuses[0] ?? 400) !== 204, what);
      });
    }
    const kept = isOk(await world.api('GET', `/api/appointments/${hold.id}`, undefined, holder.token), 200);
    assert.equal(kept.status, 'pending', 'the hold is still there');
    assert.equal((await world.api('DELETE', `/api/holds/${hold.id}`, undefined, holder.token)).status, 204);
  };

  test('requests within requests are never acted upon', async (t) => {
    await during(t, () => smuggle(world.port, 11, patients[4]));
  });

  test('nor through the gateway, and everybody gets the own answer', async (t) => {
    const gateway = await startGateway({ nodes: [world.port] });
    let isOver = false;
    let answers = 0;
    const neighbour = async (_, number) => {
      const client = new Client(gateway.port, { address: addressOf(13, number), sockets: 2 });
      for (let turn = 0; !isOver; turn++, await sleep(10)) {
        const id = `neighbour-${number}-${turn}`;
        const reply = await client.request('GET', `/api/doctors/${doctor}`, { headers: { 'x-request-id': id } });
        assert.equal(isOk(reply, 200).id, doctor);
        assert.equal(reply.headers['x-request-id'], id, 'the answer to another request');
        answers++;
      }
      client.close();
    };
    try {
      await during(t, async () => {
        const neighbours = Promise.all(Array.from({ length: 6 }, neighbour));
        await Promise.race([smuggle(gateway.port, 12, patients[5], withBareLf), neighbours]);
        isOver = true;
        await neighbours;
      });
    } finally {
      isOver = true;
      await gateway.stop();
    }
    t.diagnostic(`${answers} answers to neighbours`);
    assert.ok(answers > 50);
  });

  test('who floods is told to wait, and others do not notice', async (t) => {
    await during(t, async () => {
      const options = {
        port: world.port,
        part: 14,
        connections: 8,
        addresses: 1,
        target: '/api/cities',
        seconds: isLong ? 30 : 4,
      };
      const flood = await launch('garbage', options);
      const flooder = new Client(world.port, { address: addressOf(14, 0) });
      await sleep(500);
      const asks = Array.from({ length: 20 }, () => flooder.request('GET', `/api/doctors/${doctor}`));
      const refusals = (await Promise.all(asks)).filter((reply) => reply.status !== 200);
      assert.ok(refusals.length >= 10, `${refusals.length} of 20 refused`);
      for (const reply of refusals) isLater(reply, 429);
      flooder.close();
      const times = [];
      await Promise.all(
        Array.from({ length: 20 }, async (_, number) => {
          const client = new Client(world.port, { address: addressOf(15, number) });
          for (let turn = 0; turn < 20; turn++, await sleep(50)) {
            const began = performance.now();
            isOk(await client.request('GET', `/api/doctors/${doctor}`), 200);
            times.push(performance.now() - began);
          }
          client.close();
        }),
      );
      t.diagnostic(`others ${median(times).toFixed(0)} ms, at most ${Math.max(...times).toFixed(0)}`);
      assert.ok(Math.max(...times) < callMsMax);
      const { refused429 } = await flood.ended;
      assert.ok(refused429 > 1000, `${refused429} refusals`);
    });
  });

  test('pages beside the API are counted as well, /health is not', async (t) => {
    await during(t, async () => {
      const options = { port: world.port, part: 22, connections: 4, addresses: 1, target: '/', seconds: 5 };
      const flood = await launch('garbage', options);
      const flooder = new Client(world.port, { address: addressOf(22, 0) });
      for (const target of ['/', '/none', '/docs/plain', '/metrics']) {
        let reply; // room for a hundred pages a second comes back meanwhile, and the flood may leave some of it
        for (let tries = 0; tries < 300 && reply?.status !== 429; tries++) {
          reply = await flooder.request('GET', target);
          if (reply.status !== 429) await sleep(10);
        }
        isLater(reply, 429);
      }
      isOk(await flooder.request('GET', '/api/cities'), 200);
      isOk(await flooder.request('GET', '/health'), 200);
      isOk(await flooder.request('GET', '/ready'), 200);
      flooder.close();
      const other = new Client(world.port, { address: addressOf(22, 1) });
      assert.equal((await other.request('GET', '/')).status, 200);
      other.close();
      const { refused429 } = await flood.ended;
      assert.ok(refused429 > 1000, `${refused429} refusals`);
    });
  });

  test('a user who floods from many addresses is told to wait, others are not', async (t) => {
    await during(t, async () => {
      const clients = Array.from(
        { length: 20 },
        (_, number) => new Client(world.port, { address: addressOf(16, number) }),
      );
      const ask = (patient, index) => clients[index % 20].request('GET', '/api/me', { token: patient.token });
      const replies = await pooled(Array.from({ length: 1600 }), 64, (_, index) => ask(patients[6], index));
      const counts = statusCounts(replies);
      t.diagnostic(JSON.stringify(counts));
      assert.ok(
        counts[200] >= 1200 && counts[429] >= 300 && counts[200] + counts[429] === 1600,
        JSON.stringify(counts),
      );
      for (const reply of replies) if (reply.status === 429) isLater(reply, 429);
      isOk(await ask(patients[7], 0), 200);
      for (const client of clients) client.close();
    });
  });

  test('one address tries all passwords, another signs in', async () => {
    const guesser = new Client(world.port, { address: addressOf(17, 0) });
    const login = (client, password) =>
      client.request('POST', '/api/auth/login', { body: { login: patients[7].login, password } });
    const replies = await pooled(Array.from({ length: 100 }), 8, (_, index) => login(guesser, `wrong guess ${index}`));
    for (const reply of replies) if (reply.status === 429) isLater(reply, 429);
    const counts = statusCounts(replies);
    assert.ok(counts[401] <= 60 && counts[401] + counts[429] === 100, JSON.stringify(counts));
    const owner = new Client(world.port, { address: addressOf(17, 1) });
    isOk(await login(owner, patients[7].password), 200);
    guesser.close();
    owner.close();
  });

  test('one address cannot take all connections', async (t) => {
    await during(t, async () => {
      const idle = await launch('idle', { port: world.port, part: 18, count: 5400 });
      t.diagnostic(JSON.stringify(idle.first));
      assert.equal(idle.first.open, 5000, 'a quarter of http.connections_max');
      assert.equal(idle.first.told, 400, 'the others were told');
      await idle.stop();
    });
  });

  test('slow clients were closed in time', async (t) => {
    const words = await during(t, async () => {
      const found = {};
      for (const [what, attack] of Object.entries(slow)) found[what] = await attack.ended;
      return found;
    });
    const limits = { heads: headSeconds, bodies: bodySeconds, chunks: bodySeconds, readers: writeSeconds };
    for (const [what, word] of Object.entries(words)) {
      t.diagnostic(`${what}: ${word.closed} closed, the last after ${(word.most / 1000).toFixed(1)} s`);
      assert.equal(word.closed, what === 'readers' ? 40 : 300, what);
      assert.ok(word.most < (limits[what] + slackSeconds) * 1000, `${what}: ${word.most} ms`);
      for (const end of word.ends ?? []) assert.equal(end.status, 408, what);
      for (const end of word.ends ?? []) assert.ok(end.ms > (limits[what] - 1) * 1000, `${what}: not before`);
    }
  });

  test('the same once more takes no more memory', async (t) => {
    const before = memory();
    const target = `/api/events?topics=doctor/${doctor}`;
    const streams = await launch('streams', { port: world.port, part: 1, count: 5000, addresses: 100, target });
    await streams.stop();
    const options = { port: world.port, part: 8, connections: 32, addresses: 8, seconds: 1 };
    await (await launch('garbage', options)).ended;
    t.diagnostic(`memory ${whole(before)}, then ${whole(memory())}; at rest ${whole(memoryAtRest)}`);
    assert.ok(memory() < before + 16 * megabyte);
    assert.ok(memory() < memoryAtRest + 64 * megabyte);
  });

  test('the server stops when told to, with its clients still there', async (t) => {
    const target = `/api/events?topics=doctor/${doctor}`;
    const streams = await launch('streams', { port: world.port, part: 1, count: 1000, addresses: 100, target });
    assert.equal(streams.first.open, 1000);
    const head = 'GET /health HTTP/1.1\r\nHost: a\r\n';
    const heads = await launch('slow', {
      ...{ port: world.port, part: 4, count: 50, addresses: 10 },
      ...{ first: head, piece: 'x', seconds: 30 },
    });
    const began = Date.now();
    await world.stop(); // fails unless the server ends with 0
    t.diagnostic(`stopped in ${Date.now() - began} ms`);
    assert.ok(Date.now() - began < (headSeconds + slackSeconds) * 1000);
    await Promise.all([streams.stop(), heads.stop()]);
  });
});

// Each password costs a processor for a while; two do nothing else.
describe('sign-ins in turn', () => {
  const flood = 300;
  let world, patient;
  before(async () => {
    world = await start({ settings: { 'limits.password_queue': 400 } });
    patient = await world.patient();
  });
  after(() => world?.stop());

  test('a flood of sign-ins from one address does not delay those of others', async (t) => {
    const flooder = new Client(world.port, { address: addressOf(23, 0), sockets: flood });
    const other = new Client(world.port, { address: addressOf(23, 1) });
    const login = (client, password) =>
      client.request('POST', '/api/auth/login', { body: { login: patient.login, password }, timeoutMs: 120_000 });
    let answered = 0;
    const statuses = {};
    const tries = Array.from({ length: flood }, async (_, number) => {
      const reply = await login(flooder, `wrong guess ${number}`);
      if (reply.status === 503) isLater(reply, 503);
      else answered++;
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1;
    });
    while (answered === 0) await sleep(5);
    const before = answered;
    isOk(await login(other, patient.password), 200);
    const meanwhile = answered - before;
    await Promise.all(tries);
    t.diagnostic(`${meanwhile} of the flood's were answered while another signed in; ${JSON.stringify(statuses)}`);
    assert.ok(answered >= 100, 'it was a flood');
    assert.ok(statuses[503] > 0, 'one address may have half of the queue');
    assert.ok(meanwhile < 40, `${meanwhile} of ${answered}`);
    flooder.close();
    other.close();
  });
});

describe('more than there is room for', () => {
  let world, doctor, starts, patient, clients;
  before(async () => {
    world = await start({
      settings: {
        'limits.database_queue': 16,
        'limits.long_polls': 4,
        'limits.password_queue': 2,
        'http.connections_max': 600,
      },
    });
    ({ doctor, starts } = await bookable(world));
    patient = await world.patient();
    clients = Array.from({ length: 4 }, (_, i) => new Client(world.port, { address: addressOf(20, i), sockets: 120 }));
  });
  after(async () => {
    for (const client of clients ?? []) client.close();
    await world?.stop();
  });

  // All at once; each is answered, well or with a 503 that says when to come back.
  const crowd = async (count, allowed, ask) => {
    const counts = {};
    for (let round = 0; round < 20 && !(counts[allowed[0]] && counts[503]); round++) {
      const replies = await Promise.all(Array.from({ length: count }, (_, i) => ask(clients[i % 4], i)));
      for (const reply of replies) {
        counts[reply.status] = (counts[reply.status] ?? 0) + 1;
        if (reply.status === 503) isLater(reply, 503);
        else assert.ok(allowed.includes(reply.status), `${reply.status} ${reply.text}`);
      }
    }
    return counts;
  };

  test('of the database', async (t) => {
    const reads = await crowd(480, [200], (client) =>
      client.request('GET', '/api/appointments', { token: patient.token }),
    );
    const writes = await crowd(480, [201, 409], (client, i) =>
      client.request('POST', '/api/holds', {
        token: patient.token,
        body: { doctor_id: doctor, starts_at: starts[i % starts.length] },
      }),
    );
    t.diagnostic(JSON.stringify({ reads, writes }));
    assert.ok(reads[200] && reads[503] && writes[201] && writes[503], JSON.stringify({ reads, writes }));
    isOk(await world.api('GET', '/health'), 200);
    const list = isOk(await world.api('GET', '/api/appointments', undefined, patient.token), 200).items;
    const held = list.filter((item) => item.status === 'pending');
    assert.equal(held.length, 1, 'one hold is his, whatever he was told');
    assert.equal((await world.api('DELETE', `/api/holds/${held[0].id}`, undefined, patient.token)).status, 204);
  });

  test('of long polls', async () => {
    const body = { doctor_id: doctor, starts_at: starts[100] };
    const hold = isOk(await world.api('POST', '/api/holds', body, patient.token), 201);
    const target = `/api/appointments/${hold.id}`;
    const { headers } = await world.api('GET', target, undefined, patient.token);
    const polls = Array.from({ length: 12 }, (_, i) =>
      clients[i % 4].request('GET', `${target}?wait=20`, {
        token: patient.token,
        headers: { 'if-none-match': headers.etag },
      }),
    );
    const early = [];
    for (const poll of polls) poll.then((reply) => early.push(reply));
    for (const deadline = Date.now() + 5000; early.length < 8 && Date.now() < deadline; ) await sleep(20);
    await sleep(200);
    assert.equal(early.length, 8, 'four are parked');
    for (const reply of early) isLater(reply, 503);
    assert.equal((await world.api('DELETE', `/api/holds/${hold.id}`, undefined, patient.token)).status, 204);
    assert.deepEqual(statusCounts(await Promise.all(polls)), { 200: 4, 503: 8 });
  });

  test('of sign-ins', async (t) => {
    const body = { login: patient.login, password: patient.password };
    const counts = await crowd(100, [200], (client) => client.request('POST', '/api/auth/login', { body }));
    t.diagnostic(JSON.stringify(counts));
    assert.ok(counts[200] && counts[503]);
  });

  test('of connections', async (t) => {
    for (const client of clients) client.close();
    for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(20))
      if ((await world.nodes[0].metric('fairward_http_connections')) < 8) break;
    const request = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
    const replies = await Promise.all(
      Array.from({ length: 700 }, (_, i) =>
        exchange(world.port, request, { address: addressOf(21, i % 20), silenceMs: 1500 }),
      ),
    );
    const counts = statusCounts(replies.map(({ text }) => ({ status: statusesOf(text)[0] ?? 'nothing' })));
    t.diagnostic(JSON.stringify(counts));
    for (const { text, isClosed } of replies) {
      if (statusesOf(text)[0] !== 503) continue;
      assert.match(text, /^retry-after: [1-9]/im);
      assert.match(text, /^content-type: application\/problem\+json\r$/im);
      assert.ok(isClosed);
    }
    assert.equal(counts[200] + counts[503], 700, JSON.stringify(counts));
    assert.ok(counts[200] >= 450 && counts[503] >= 90, JSON.stringify(counts));
    await sleep(2500); // those that were refused linger for two seconds
    isOk(await world.api('GET', '/ready'), 200);
  });
});
