// A gate in front of a PostgreSQL's socket, for one node: it delays, cuts, or stands still with its connections open.
//
//   const gate = await startGate(postgres.socket);
//   … database.url = postgresql://127.0.0.1:${gate.port}/… ; gate.delay(50); gate.cut(); gate.stall(); gate.open();
import net from 'node:net';

export async function startGate(socketPath) {
  const pairs = new Set();
  let delayMs = 0;
  let isStalled = false;

  const pass = (from, to) => {
    from.on('data', (bytes) => {
      if (delayMs) setTimeout(() => !to.destroyed && to.write(bytes), delayMs);
      else to.write(bytes);
    });
  };
  const serve = (client) => {
    const server = net.connect(socketPath);
    const pair = { client, server };
    const end = () => {
      client.destroy();
      server.destroy();
      pairs.delete(pair);
    };
    pairs.add(pair);
    for (const socket of [client, server]) {
      socket.on('error', end);
      socket.on('close', end);
      if (isStalled) socket.pause();
    }
    client.setNoDelay(true);
    pass(client, server);
    pass(server, client);
    if (isStalled) for (const socket of [client, server]) socket.pause();
  };
  const listener = net.createServer(serve).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const each = (work) => {
    for (const { client, server } of [...pairs]) for (const socket of [client, server]) work(socket);
  };
  return {
    port: listener.address().port,
    delay(ms) {
      delayMs = ms;
    },
    cut() {
      each((socket) => socket.destroy());
    },
    // Nothing passes any more, and nobody is told.
    stall() {
      isStalled = true;
      each((socket) => socket.pause());
    },
    open() {
      delayMs = 0;
      isStalled = false;
      each((socket) => socket.resume());
    },
    async stop() {
      each((socket) => socket.destroy());
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
