// A plain HTTP client for many connections at once; knows JSON and nothing of the product.
import http from 'node:http';
import zlib from 'node:zlib';

export class Client {
  // `address`: of this client, any of 127.0.0.0/8; each counts by itself. Without `keepAlive` each call connects anew.
  constructor(port, { sockets = 128, address, keepAlive = true } = {}) {
    this.port = port;
    this.address = address;
    this.agent = new http.Agent({ keepAlive, maxSockets: sockets, scheduling: 'lifo' });
  }

  // {status, headers, text, bytes, body}; what came compressed is inflated. `raw` sends these bytes as they are instead
  // of a JSON body.
  request(method, path, { body, raw, token, headers = {}, timeoutMs = 60_000 } = {}) {
    const bytes =
      raw !== undefined ? Buffer.from(raw) : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const all = { ...headers };
    if (bytes !== undefined) {
      all['content-length'] = bytes.length;
      all['content-type'] ??= 'application/json';
    } else if (method === 'POST' || method === 'PUT') {
      all['content-length'] = 0;
    }
    if (token) all.authorization = `Bearer ${token}`;
    return new Promise((resolve, reject) => {
      const { port, agent, address: localAddress } = this;
      const options = { host: '127.0.0.1', port, method, path, headers: all, agent, localAddress };
      const request = http.request(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(reply(response, Buffer.concat(chunks))));
      });
      request.setTimeout(timeoutMs, () =>
        request.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)),
      );
      request.on('error', reject);
      request.end(bytes);
    });
  }

  close() {
    this.agent.destroy();
  }
}

function reply(response, sent) {
  const bytes = response.headers['content-encoding'] === 'gzip' ? zlib.gunzipSync(sent) : sent;
  const text = bytes.toString('utf8');
  const isJson = /\bjson\b/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    bytes,
    body: isJson && text ? JSON.parse(text) : undefined,
  };
}

// Runs `work(item, index)` for all items, at most `width` at a time; answers the results in order.
export async function pooled(items, width, work) {
  const results = new Array(items.length);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}

// A generator that a seed replays (mulberry32): tests that choose at random print the seed.
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
