// Who the client is when proxies stand in front: limits count the client, and nobody can pretend to be another.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { commandResult, start } from '../lib/server.mjs';

const quota = 5;

// Statuses of requests that all bear this X-Forwarded-For.
async function statuses(world, forwarded, count) {
  const seen = [];
  for (let i = 0; i < count; i++) {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    seen.push(
      await world.api('POST', '/api/auth/login', { login: 'nobody', password: 'wrong password' }, undefined, headers),
    );
  }
  return seen.map((reply) => reply.status);
}
const fill = (count, status) => Array(count).fill(status);

describe('behind a trusted proxy', () => {
  let world;
  before(async () => {
    world = await start({
      settings: { 'http.trusted_proxies': '10.0.0.0/8, 127.0.0.1', 'limits.address_logins_per_minute': quota },
    });
  });
  after(() => world?.stop());

  test('each client behind it has a limit of its own', async () => {
    assert.deepEqual(await statuses(world, '203.0.113.1', quota + 1), [...fill(quota, 401), 429]);
    assert.deepEqual(await statuses(world, '203.0.113.2', quota + 1), [...fill(quota, 401), 429]);
    assert.deepEqual(await statuses(world, '2001:db8:0:7::1', quota), fill(quota, 401));
    assert.deepEqual(await statuses(world, '2001:db8:0:7::2', 1), [429], 'the same /64');
  });

  test('what a client put in front of the proxy’s word does not count', async () => {
    assert.deepEqual(await statuses(world, '198.51.100.77, 203.0.113.3', quota), fill(quota, 401));
    assert.deepEqual(await statuses(world, '198.51.100.78, 203.0.113.3', 1), [429]);
    assert.deepEqual(await statuses(world, '203.0.113.3, 10.1.2.3', 1), [429], 'through a second proxy of ours');
    assert.deepEqual(await statuses(world, '198.51.100.77', 1), [401], 'nor is it held against whom it names');
  });

  test('nonsense is the proxy’s own', async () => {
    assert.deepEqual(await statuses(world, 'unknown', quota), fill(quota, 401));
    assert.deepEqual(await statuses(world, undefined, 1), [429]);
  });
});

describe('without one', () => {
  let world;
  before(async () => {
    world = await start({ settings: { 'limits.address_logins_per_minute': quota } });
  });
  after(() => world?.stop());

  test('X-Forwarded-For is worth nothing', async () => {
    for (let i = 0; i < quota; i++) assert.deepEqual(await statuses(world, `203.0.113.${i}`, 1), [401]);
    const reply = await world.api('POST', '/api/auth/login', { login: 'nobody', password: 'x' }, undefined, {
      'x-forwarded-for': '203.0.113.200',
    });
    isProblem(reply, 429, 'request.rate_exceeded');
    isOk(await world.api('GET', '/health'), 200);
  });

  test('a mistake in the list stops the start', () => {
    const { status, error } = commandResult(['config', 'check', '--http.trusted_proxies=10.0.0.1/8']);
    assert.equal(status, 3);
    assert.match(error, /http\.trusted_proxies must be networks/);
  });
});
