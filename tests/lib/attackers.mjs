// Clients that mean harm, in processes of their own: what they do must not slow the clocks of the test that watches.
//
//   const attack = await launch('streams', { port, count: 10_000, addresses: 100, target });
//   attack.first → what it said when it stood; attack.ended → what it says at its end; attack.stop()
//
// Each attack opens only connections to the loopback, a bounded number of them, and ends by itself.
import { fork } from 'node:child_process';
import crypto from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const lifeMsMax = 240_000;

export async function launch(kind, options) {
  const child = fork(fileURLToPath(import.meta.url), [kind, JSON.stringify(options)]);
  const words = [];
  let heard = () => {};
  child.on('message', (word) => {
    words.push(word);
    heard();
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  exited.then(() => heard());
  while (words.length === 0 && child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => {
      heard = resolve;
    });
  if (words.length === 0) throw new Error(`the attack ${kind} did not begin`);
  return {
    first: words[0],
    ended: exited.then(() => words.at(-1)),
    async stop() {
      if (child.connected) child.send('stop');
      await exited;
      return words.at(-1);
    },
  };
}

// The nth address of a part of the loopback.
export const addressOf = (part, number) => `127.${part}.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`;

function connect(port, address) {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress: address, noDelay: true });
  socket.on('error', () => {});
  return socket;
}

// {text, ms, isClosed}: what the server says to these bytes until it closes, or falls silent for `silenceMs`.
export async function exchange(port, bytes, { address, silenceMs = 400, isBinary = true } = {}) {
  const socket = connect(port, address);
  const reply = { text: '', isClosed: false };
  let lastAt = Date.now();
  socket.on('data', (data) => {
    reply.text += data.toString('latin1');
    lastAt = Date.now();
  });
  socket.on('close', () => {
    reply.isClosed = true;
  });
  socket.on('end', () => {
    reply.isClosed = true;
  });
  socket.write(bytes, isBinary ? 'latin1' : 'utf8');
  while (!reply.isClosed && Date.now() - lastAt < silenceMs) await sleep(10);
  socket.destroy();
  return reply;
}

export const statusesOf = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

let isStopped = false;
const attacks = {
  // Event streams that are opened and left alone; says how many stand, and at the end how many events came.
  async streams({ port, part, count, addresses, target }) {
    const sockets = [];
    let open = 0;
    let refused = 0;
    let events = 0;
    let closed = 0;
    const one = (number) =>
      new Promise((resolve) => {
        const socket = connect(port, addressOf(part, number % addresses));
        let isDecided = false;
        sockets.push(socket);
        socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
        socket.on('data', (data) => {
          const text = data.toString('latin1');
          events += text.split('event: changed').length - 1;
          if (isDecided) return;
          isDecided = true;
          if (text.startsWith('HTTP/1.1 200 ')) open++;
          else refused++;
          resolve();
        });
        socket.on('close', () => {
          closed++;
          resolve();
        });
      });
    for (let begun = 0; begun < count; begun += 200)
      await Promise.all(Array.from({ length: Math.min(200, count - begun) }, (_, i) => one(begun + i)));
    process.send({ open, refused });
    const began = Date.now();
    while (!isStopped && Date.now() - began < lifeMsMax) await sleep(50);
    const word = { open, refused, events, closed };
    for (const socket of sockets) socket.destroy();
    return word;
  },

  // Requests that come a byte a second; says when each was closed, and with which status.
  async slow({ port, part, count, addresses, first, piece, seconds }) {
    const ends = [];
    const sockets = Array.from({ length: count }, (_, number) => {
      const socket = connect(port, addressOf(part, number % addresses));
      const began = Date.now();
      let text = '';
      socket.write(first);
      socket.on('data', (data) => {
        text += data.toString('latin1');
      });
      socket.on('close', () => ends.push({ ms: Date.now() - began, status: statusesOf(text)[0] ?? 0 }));
      return socket;
    });
    process.send({});
    for (const deadline = Date.now() + seconds * 1000; ends.length < count && Date.now() < deadline; await sleep(1000))
      for (const socket of sockets) if (socket.writable) socket.write(piece);
    const word = { closed: ends.length, most: Math.max(...ends.map((end) => end.ms)), ends };
    for (const socket of sockets) socket.destroy();
    return word;
  },

  // Asks for much in a row and reads nothing. Writes a byte now and then, to learn when it was cut off.
  async deaf({ port, part, count, request, requests, seconds }) {
    const ends = [];
    const sockets = Array.from({ length: count }, (_, number) => {
      const socket = connect(port, addressOf(part, number));
      const began = Date.now();
      socket.pause();
      socket.write(request.repeat(requests));
      socket.on('close', () => ends.push({ ms: Date.now() - began }));
      return socket;
    });
    process.send({});
    for (const deadline = Date.now() + seconds * 1000; ends.length < count && Date.now() < deadline; await sleep(500))
      for (const socket of sockets) if (socket.writable && socket.writableLength < 1_000_000) socket.write('G');
    const word = { closed: ends.length, most: Math.max(...ends.map((end) => end.ms)) };
    for (const socket of sockets) socket.destroy();
    return word;
  },

  // As much as one process can send: noise, and requests for nothing in long rows.
  async garbage({ port, part, connections, addresses, seconds, target = '/none' }) {
    const noise = Array.from({ length: 16 }, () => crypto.randomBytes(16_384));
    const wrong = [
      'GET / HTTP/9.9\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n',
      `POST /api/holds HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${'f'.repeat(40)}\r\n`,
      `POST /api/holds HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{"a`,
    ];
    const row = Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(500));
    const until = Date.now() + seconds * 1000;
    const word = { bytes: 0, replies: 0, refused429: 0, connections: 0 };
    process.send({});
    const lane = async (number) => {
      while (Date.now() < until && !isStopped) {
        const socket = connect(port, addressOf(part, number % addresses));
        word.connections++;
        let isOver = false;
        const over = new Promise((resolve) => {
          socket.on('close', () => {
            isOver = true;
            resolve();
          });
        });
        socket.on('data', (data) => {
          for (let at = data.indexOf('HTTP/1.1 '); at >= 0; at = data.indexOf('HTTP/1.1 ', at + 9)) {
            word.replies++;
            if (data.toString('latin1', at + 9, at + 12) === '429') word.refused429++;
          }
        });
        const isRow = number % 2 === 0;
        for (let turn = 0; !isOver && Date.now() < until; turn++) {
          const bytes = isRow ? row : turn === 0 ? wrong[word.connections % wrong.length] : noise[turn % noise.length];
          word.bytes += bytes.length;
          if (!socket.write(bytes, 'latin1'))
            await Promise.race([over, sleep(500), new Promise((resolve) => socket.once('drain', resolve))]);
          else await new Promise((resolve) => setImmediate(resolve));
        }
        socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: connections }, (_, number) => lane(number)));
    return word;
  },

  // Connections that are opened from one address and say nothing.
  async idle({ port, part, count }) {
    const sockets = [];
    let closed = 0;
    let told = 0;
    for (let begun = 0; begun < count; begun += 200) {
      const some = Array.from({ length: Math.min(200, count - begun) }, () => connect(port, addressOf(part, 0)));
      for (const socket of some) {
        socket.once('data', () => told++);
        socket.once('close', () => closed++);
      }
      sockets.push(...some);
      await Promise.all(
        some.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))),
      );
    }
    await sleep(500);
    process.send({ open: count - closed, told });
    for (const began = Date.now(); !isStopped && Date.now() - began < lifeMsMax; ) await sleep(50);
    for (const socket of sockets) socket.destroy();
    return { closed, told };
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', () => {
    isStopped = true;
  });
  process.on('disconnect', () => process.exit(1));
  const [kind, options] = process.argv.slice(2);
  const word = await attacks[kind](JSON.parse(options));
  process.send(word, () => process.exit(0));
}
