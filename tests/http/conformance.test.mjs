// HTTP/1.1 as RFC 9110 and RFC 9112 ask it of a server, against the whole program: what it must understand, what it
// must refuse, and that bytes may arrive one by one. The full table, with every variant, is in
// src/platform/http/conformance_test.cpp; this one proves that nothing between wire and routes weakens it.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../lib/server.mjs';

const silenceMs = 400;
const get = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
const post = (fields, body = '') => `POST /health HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n${body}`;
const chunked = (body) => post('Transfer-Encoding: chunked', body);

// [what, bytes, first status]. Null: the server waits for more. 'understood': any answer but 400 and 5xx.
const cases = [
  ['a simple GET', get, 200],
  ['a query', 'GET /health?a=b HTTP/1.1\r\nHost: a\r\n\r\n', 'understood'],
  ['an empty line before', `\r\n${get}`, 200],
  ['names in any case, tabs around values', 'GET /health HTTP/1.1\r\nhOST:\ta\t\r\nempty:\r\n\r\n', 200],
  ['a body with a length', post('Content-Length: 5', 'hello'), 'understood'],
  ['a chunked body', chunked('5\r\nhello\r\n0\r\n\r\n'), 'understood'],
  ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 'understood'],
  ['absolute form', 'GET http://a/health HTTP/1.1\r\nHost: a\r\n\r\n', 200],
  ['CONNECT, which it does not do', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 501],
  ['HTTP/1.0', 'GET /health HTTP/1.0\r\n\r\n', 200],
  ['100-continue', post('Expect: 100-continue\r\nContent-Length: 5'), 100],
  ['version 2.0', 'GET /health HTTP/2.0\r\nHost: a\r\n\r\n', 400],
  ['no version', 'GET /health\r\nHost: a\r\n\r\n', 400],
  ['a bad method', 'GE(T /health HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['a bad target', 'GET ^ HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['absolute form for another host', 'GET http://b/health HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ['a bad Host', 'GET /health HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['a space in a name', 'GET /health HTTP/1.1\r\nHost: a\r\nx y: z\r\n\r\n', 400],
  ['a space before the colon', 'GET /health HTTP/1.1\r\nHost : a\r\n\r\n', 400],
  ['a folded line', 'GET /health HTTP/1.1\r\nHost: a\r\nx: y\r\n z\r\n\r\n', 400],
  ['NUL', 'GET /health HTTP/1.1\r\nHost: a\0b\r\n\r\n', 400],
  ['a bare LF', 'GET /health HTTP/1.1\nHost: a\n\n', 400],
  ['a bare CR', 'GET /health HTTP/1.1\r\nHost: a\r\n\rx: y\r\n\r\n', 400],
  ['a length and chunked', post('Content-Length: 5\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400],
  ['chunked on HTTP/1.0', 'POST /health HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
  ['an unknown coding', post('Transfer-Encoding: nonsense', 'hello'), 400],
  ['chunked not last', post('Transfer-Encoding: chunked, gzip', '0\r\n\r\n'), 400],
  ['two lengths', post('Content-Length: 5\r\nContent-Length: 6', 'hello'), 400],
  ['a bad length', post('Content-Length: xyz', 'hello'), 400],
  ['a negative length', post('Content-Length: -1', ''), 400],
  ['a bad chunk size', chunked('Z\r\nhello\r\n0\r\n\r\n'), 400],
  ['a chunk without its end', chunked('5\r\nhello0\r\n\r\n'), 400],
  ['an unknown expectation', post('Expect: tea'), 417],
  ['a head that is too large', `GET /health HTTP/1.1\r\nHost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
  ['half a request line', 'GET /hea', null],
  ['a head without its last byte', 'GET /health HTTP/1.1\r\nHost: a\r\n\r', null],
  ['half a body', post('Content-Length: 5', 'hel'), null],
];

// {text, ended}: what the server said until it closed, or fell silent.
async function exchange(port, bytes, { pieces = false } = {}) {
  const socket = net.connect(port, '127.0.0.1').setNoDelay(true);
  const reply = { text: '', ended: false };
  let lastAt = Date.now();
  socket.on('data', (data) => {
    reply.text += data.toString('latin1');
    lastAt = Date.now();
  });
  socket.on('end', () => {
    reply.ended = true;
  });
  socket.on('error', () => {});
  for (const piece of pieces ? bytes : [bytes]) {
    if (reply.ended) break;
    socket.write(piece, 'latin1');
    if (pieces) await sleep(1);
    lastAt = Date.now();
  }
  while (!reply.ended && Date.now() - lastAt < silenceMs) await sleep(10);
  socket.destroy();
  return reply;
}

const statusesOf = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

function check(what, wanted, { text, ended }) {
  const [status] = statusesOf(text);
  if (wanted === null) return assert.ok(text === '' && !ended, `${what}: ${text}`);
  if (wanted === 'understood') return assert.ok(status > 100 && status !== 400 && status < 500, `${what}: ${text}`);
  assert.equal(status, wanted, `${what}: ${text}`);
  if (wanted < 400) return;
  assert.ok(ended, `${what}: the connection must close`);
  assert.match(text, /^connection: close\r$/im, what);
  assert.match(text, /^content-type: application\/problem\+json\r$/im, what);
}

describe('HTTP/1.1', () => {
  let world;
  before(async () => {
    world = await start({ engine: 'sqlite' });
  });
  after(() => world?.stop());

  for (const pieces of [false, true]) {
    test(`${cases.length} cases ${pieces ? 'byte by byte' : 'in one write'}`, async () => {
      const short = cases.filter(([, bytes]) => !pieces || bytes.length < 1000);
      const replies = await Promise.all(short.map(([, bytes]) => exchange(world.port, bytes, { pieces })));
      short.forEach(([what, , wanted], i) => {
        check(what, wanted, replies[i]);
      });
    });
  }

  test('requests in a line are answered in order, and none after a refusal', async () => {
    assert.deepEqual(statusesOf((await exchange(world.port, get + get + get)).text), [200, 200, 200]);
    assert.deepEqual(statusesOf((await exchange(world.port, `GET / HTTP/1.1\r\n\r\n${get}`)).text), [400]);
    const closing = 'GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const reply = await exchange(world.port, closing + get);
    assert.deepEqual([statusesOf(reply.text), reply.ended], [[200], true]);
  });

  test('HTTP/1.0 keeps the connection only when asked, and says so', async () => {
    assert.ok((await exchange(world.port, 'GET /health HTTP/1.0\r\n\r\n')).ended);
    const kept = await exchange(world.port, 'GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.match(kept.text, /^connection: keep-alive\r$/im);
    assert.ok(!kept.ended);
  });

  test('HEAD has the head of GET and nothing after it', async () => {
    const length = (text) => /^content-length: (\d+)\r$/im.exec(text)?.[1];
    const asked = await exchange(world.port, get);
    const headed = await exchange(world.port, get.replace('GET', 'HEAD'));
    assert.equal(length(headed.text), length(asked.text));
    assert.ok(headed.text.endsWith('\r\n\r\n'));
  });

  test('a body is read after 100 Continue', async () => {
    const [before, after] = [post('Expect: 100-continue\r\nContent-Length: 5'), 'hello'];
    const socket = net.connect(world.port, '127.0.0.1');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.write(before);
    while (!text.includes('100 Continue')) await sleep(5);
    socket.write(after);
    while (statusesOf(text).length < 2) await sleep(5);
    socket.destroy();
    assert.notEqual(statusesOf(text)[1], 400);
  });
});
