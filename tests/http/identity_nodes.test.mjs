// What ends on one node is over on the others within a second: sessions, disabled users, family, keys.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine(
  'identity',
  (engine) => {
    let world;
    before(async () => {
      world = await start({ engine });
    });
    after(() => world?.stop());

    // How long the other nodes still let in who was let in before, in ms.
    async function lag(token, end) {
      for (const node of world.nodes) isOk(await node.api('GET', '/api/me', undefined, token), 200);
      await end();
      const ended = Date.now();
      const lags = await Promise.all(
        world.nodes.map(async (node) => {
          for (; Date.now() < ended + 5000; await sleep(5))
            if ((await node.api('GET', '/api/me', undefined, token)).status >= 400) return Date.now() - ended;
          return Number.POSITIVE_INFINITY;
        }),
      );
      return Math.max(...lags);
    }

    test('a disabled user and an ended session are out on every node within a second', async () => {
      const admin = await world.staff('platform_admin');
      const [one, two] = world.nodes;
      const lags = [];
      for (let i = 0; i < 10; i++) {
        const patient = await world.patient();
        const node = world.nodes[i % world.nodes.length];
        lags.push(
          await lag(patient.token, async () =>
            isOk(await node.api('PUT', `/api/users/${patient.id}/disabled`, { disabled: true }, admin), 200),
          ),
        );
        const other = await world.patient();
        const second = await world.login(other.login, other.password);
        lags.push(
          await lag(other.token, async () => isOk(await one.api('DELETE', '/api/me/sessions', undefined, second), 204)),
        );
        isOk(await two.api('GET', '/api/me', undefined, second), 200);
      }
      for (let i = 0; i < 5; i++) {
        const owner = await world.patient();
        const made = { name: 'A program', scopes: ['read'] };
        const { key, about } = isOk(await one.api('POST', '/api/me/keys', made, owner.token), 201);
        lags.push(
          await lag(key, async () =>
            isOk(await two.api('DELETE', `/api/me/keys/${about.id}`, undefined, owner.token), 204),
          ),
        );
      }
      assert.ok(Math.max(...lags) <= 1000, `${Math.max(...lags)} ms`);
    });
  },
  ['nodes'],
);
