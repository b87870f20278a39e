// A TCP proxy that loses things: for each piece that a client sends it draws what becomes of it, and of the connection.
//
//   const proxy = await startProxy(server.port, random);
//   … new Client(proxy.port) …
//   proxy.counts → { none: 120, before: 14, 'mid request': 9, 'after request': 20, 'mid reply': 17 }
import net from 'node:net';

const fates = [
  ['none', 0.5],
  ['before', 0.1], // the server hears nothing
  ['mid request', 0.1], // it hears the beginning
  ['after request', 0.15], // it hears all, its answer is lost
  ['mid reply', 0.15], // the client hears the beginning of the answer
];

function drawFate(random) {
  let left = random();
  for (const [fate, share] of fates) {
    if (left < share) return fate;
    left -= share;
  }
  return 'none';
}

export async function startProxy(port, random) {
  const counts = Object.fromEntries(fates.map(([fate]) => [fate, 0]));
  const open = new Set();

  const serve = (client) => {
    const server = net.connect(port, '127.0.0.1');
    let replyBytesLeft = Infinity;
    const end = () => {
      client.destroy();
      server.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    const part = (size) => 1 + Math.floor(random() * Math.max(1, size - 1));
    client.on('data', (bytes) => {
      const fate = drawFate(random);
      counts[fate]++;
      if (fate === 'before') return end();
      if (fate === 'mid request') return server.write(bytes.subarray(0, part(bytes.length) - 1), end);
      if (fate === 'after request') replyBytesLeft = 0;
      if (fate === 'mid reply') replyBytesLeft = part(400);
      // Half of the clients that leave are gone before the server has answered.
      const isGone = fate === 'after request' && random() < 0.5;
      server.write(bytes, isGone ? end : undefined);
    });
    server.on('data', (bytes) => {
      if (replyBytesLeft > bytes.length) {
        replyBytesLeft -= bytes.length;
        client.write(bytes);
        return;
      }
      client.write(bytes.subarray(0, replyBytesLeft), end);
    });
  };

  const listener = net.createServer({ noDelay: true }, serve).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  return {
    port: listener.address().port,
    counts,
    async stop() {
      for (const client of open) client.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
