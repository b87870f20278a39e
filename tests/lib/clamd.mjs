// A virus scanner that speaks clamd's INSTREAM and finds the EICAR test string, and nothing else.
import net from 'node:net';

// In two parts, so that no scanner takes this file for what it finds.
export const eicar = `X5O!P%@AP[4\\PZX54(P^)7CC)7}$${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE'}!$H+H*`;

const greeting = Buffer.from('zINSTREAM\0');

// The file when it is all there; undefined while more is to come.
function streamed(bytes) {
  const parts = [];
  for (let at = greeting.length; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

export async function startClamd() {
  const seen = [];
  const server = net.createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (some) => {
      bytes = Buffer.concat([bytes, some]);
      if (bytes.length >= greeting.length && !bytes.subarray(0, greeting.length).equals(greeting))
        return socket.end('UNKNOWN COMMAND\0');
      const file = streamed(bytes);
      if (!file) return;
      seen.push(file);
      socket.end(file.includes(eicar) ? 'stream: Eicar-Signature FOUND\0' : 'stream: OK\0');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${server.address().port}`,
    seen,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
