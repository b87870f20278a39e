// API keys: shown once, bounded by their scopes, counted to the call, revoked at once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem } from '../lib/expect.mjs';
import { commandResult, onEachEngine, start } from '../lib/server.mjs';

onEachEngine('API keys', (engine) => {
  let world, owner, admin;
  before(async () => {
    world = await start({ engine });
    owner = await world.patient();
    admin = await world.staff('platform_admin');
  });
  after(() => world?.stop());

  const mine = (method, target, body) => world.api(method, target, body, owner.token);
  const make = async (more = {}) => isOk(await mine('POST', '/api/me/keys', { name: 'A program', ...more }), 201);
  const search = (key) => world.api('GET', `/api/doctors/search?api_dev_key=${key}&results_per_page=1`);
  // A quota is of a calendar minute: what follows must not run into the next.
  const minuteWithTime = async () => {
    const left = 60_000 - (Date.now() % 60_000);
    if (left < 8000) await sleep(left + 50);
  };

  test('a key is shown once, and kept as a hash', async () => {
    const { key, about } = await make();
    assert.match(key, /^fw_live_[A-Za-z0-9_-]{43}$/);
    assert.ok(key.startsWith(about.prefix) && about.prefix.length < 20);
    const { items } = isOk(await mine('GET', '/api/me/keys'), 200);
    assert.ok(items.some((one) => one.id === about.id) && !JSON.stringify(items).includes(key));
    if (engine === 'sqlite')
      for (const file of fs.readdirSync(world.data).filter((name) => name.startsWith('fairward.db')))
        assert.ok(!fs.readFileSync(`${world.data}/${file}`).includes(key), file);
  });

  test('the search of document C checks api_dev_key; a key that reads changes nothing', async () => {
    const { key } = await make({ scopes: ['read'] });
    isOk(await search(key), 200);
    isOk(await world.api('GET', '/api/doctors/search?results_per_page=1'), 200);
    isOk(await world.api('GET', '/api/doctors/search?api_dev_key=&results_per_page=1'), 200);
    for (const wrong of ['nonsense', `${key}x`, key.slice(0, -1), 'fw_live_'])
      isProblem(await search(wrong), 403, 'identity.key_invalid');
    assert.equal(isOk(await world.api('GET', '/api/me', undefined, key), 200).id, owner.id);
    isOk(await world.api('GET', '/api/me', undefined, undefined, { 'x-api-key': key }), 200);
    isProblem(await world.api('POST', '/api/me/keys', { name: 'X' }, key), 403);
    isProblem(await world.api('DELETE', '/api/session', undefined, key), 403);
    const { key: open } = await make();
    isProblem(await world.api('GET', '/api/me', undefined, open), 403, 'request.key_scope_missing');
    isOk(await world.api('GET', '/api/doctors?limit=1', undefined, open), 200);
  });

  test('a key acts for its owner within its scopes, never on the account, and the record names it', async () => {
    const child = { name: 'A Child', relation: 'child' };
    const [read, write] = [await make({ scopes: ['read'] }), await make({ scopes: ['write'] })];
    isProblem(await world.api('POST', '/api/me/family', child, read.key), 403, 'request.key_scope_missing');
    isOk(await world.api('POST', '/api/me/family', child, write.key), 201);
    isProblem(await world.api('GET', '/api/me/family', undefined, write.key), 403, 'request.key_scope_missing');
    const items = isOk(await world.api('GET', '/api/me/family', undefined, read.key), 200).items;
    assert.ok(items.some((one) => one.name === 'A Child'));
    for (const [method, path, body] of [
      ['POST', '/api/me/keys', { name: 'X' }],
      ['PUT', '/api/me/password', { old_password: 'x', password: 'y' }],
      ['POST', '/api/me/second-factor', {}],
      ['POST', '/api/auth/logout', {}],
      ['GET', '/api/me/sessions', undefined],
    ])
      for (const { key } of [read, write])
        isProblem(await world.api(method, path, body, key), 403, 'request.key_scope_missing');
    const shown = commandResult(['audit', 'show', `--database.url=${world.url}`, `--data.folder=${world.data}`]).out;
    const deeds = shown.split('\n').filter(Boolean).map(JSON.parse);
    assert.deepEqual(
      deeds.filter((deed) => deed.key).map(({ user, key, did }) => ({ user, key, did })),
      [
        { user: owner.id, key: write.about.id, did: 'family_create' },
        { user: owner.id, key: read.about.id, did: 'family_list' },
      ],
    );
  });

  test('webhooks are managed by a key with that scope, and the right', async () => {
    const staff = await world.staff('hospital_admin');
    const made = async (scopes) =>
      isOk(await world.api('POST', '/api/me/keys', { name: 'Hooks', scopes }, staff), 201).key;
    const hooks = await made(['webhooks']);
    const body = { url: 'https://hooks.example.org/fairward' };
    const reply = await world.api('POST', '/api/webhooks', body, hooks);
    isOk(reply, 201);
    isOk(await world.api('GET', '/api/webhooks', undefined, hooks), 200);
    isProblem(await world.api('GET', '/api/patients', undefined, hooks), 403, 'request.key_scope_missing');
    isProblem(
      await world.api('GET', '/api/webhooks', undefined, await made(['read', 'write'])),
      403,
      'request.key_scope_missing',
    );
    const { key } = await make({ scopes: ['webhooks'] });
    isProblem(await world.api('GET', '/api/webhooks', undefined, key), 403, 'request.right_missing');
  });

  test('of fifty calls at once exactly the quota is answered, and 429 says when the next begins', async () => {
    const { key } = await make({ per_minute: 20 });
    await minuteWithTime();
    const replies = await Promise.all(Array.from({ length: 50 }, () => search(key)));
    assert.equal(replies.filter((reply) => reply.status === 200).length, 20);
    const refused = replies.filter((reply) => reply.status === 429);
    assert.equal(refused.length, 30);
    const left = Math.ceil((60_000 - (Date.now() % 60_000)) / 1000);
    for (const reply of refused) {
      isProblem(reply, 429, 'request.key_quota_exceeded');
      assert.ok(Math.abs(Number(reply.headers['retry-after']) - left) <= 2);
      assert.match(reply.headers.ratelimit, /^"key-minute";r=0;t=\d+, "key-day";r=\d+;t=\d+$/);
    }
    const left20 = replies.map((reply) => Number(/"key-minute";r=(\d+)/.exec(reply.headers.ratelimit)[1]));
    assert.deepEqual(
      left20.filter((_, i) => replies[i].status === 200).sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, i) => i),
    );
    assert.equal(replies[0].headers['ratelimit-policy'], '"key-minute";q=20;w=60, "key-day";q=100000;w=86400');
    const { key: daily } = await make({ per_day: 3 });
    for (let i = 0; i < 3; i++) isOk(await search(daily), 200);
    isProblem(await search(daily), 429, 'request.key_quota_exceeded');
  });

  test('usage is told by day, to the owner and the platform', async () => {
    const { key, about } = await make({ per_minute: 2 });
    await minuteWithTime();
    for (let i = 0; i < 5; i++) await search(key);
    const usage = async () => isOk(await mine('GET', `/api/me/keys/${about.id}/usage`), 200).items;
    for (const end = Date.now() + 8000; (await usage()).length === 0 && Date.now() < end; ) await sleep(100);
    assert.deepEqual(await usage(), [{ used_on: new Date().toISOString().slice(0, 10), calls: 2, refused: 3 }]);
    isOk(await world.api('GET', `/api/me/keys/${about.id}/usage`, undefined, admin), 200);
    const stranger = await world.patient();
    isProblem(await world.api('GET', `/api/me/keys/${about.id}/usage`, undefined, stranger.token), 404);
    assert.ok(isOk(await mine('GET', '/api/me/keys'), 200).items.find((one) => one.id === about.id).used_at);
  });

  test('a key is revoked at once, rotated with an overlap, and ends with its owner', async () => {
    const { key, about } = await make();
    isOk(await search(key), 200);
    const stranger = await world.patient();
    isProblem(await world.api('DELETE', `/api/me/keys/${about.id}`, undefined, stranger.token), 404);
    const fresh = isOk(await mine('POST', `/api/me/keys/${about.id}/rotation`, { overlap_hours: 1 }), 201);
    isOk(await search(key), 200);
    isOk(await search(fresh.key), 200);
    isOk(await mine('DELETE', `/api/me/keys/${about.id}`), 204);
    isProblem(await search(key), 403, 'identity.key_invalid');
    isOk(await search(fresh.key), 200);
    const now = isOk(await mine('POST', `/api/me/keys/${fresh.about.id}/rotation`, { overlap_hours: 0 }), 201);
    isProblem(await search(fresh.key), 403);
    isOk(await world.api('DELETE', `/api/me/keys/${now.about.id}`, undefined, admin), 204);
    isProblem(await search(now.key), 403);
    const last = await make({ scopes: ['read'] });
    isOk(await world.api('PUT', `/api/users/${owner.id}/disabled`, { disabled: true }, admin), 200);
    isProblem(await search(last.key), 403);
  });

  test('the platform sees whose keys there are, page by page, by name and by state', async () => {
    const people = await Promise.all([0, 1].map(() => world.patient(`Zelda ${engine} Quux`)));
    const made = [];
    for (const { token } of [...people, people[0]])
      made.push(isOk(await world.api('POST', '/api/me/keys', { name: `100%_${made.length}` }, token), 201).about.id);
    const list = async (query) => isOk(await world.api('GET', `/api/users/keys?${query}`, undefined, admin), 200);
    const ids = ({ items }) => items.map(({ key }) => key.id);
    const whose = `q=zelda+${engine}`;
    const first = await list(`${whose}&limit=2`);
    assert.deepEqual(ids(first), [made[2], made[1]]);
    assert.deepEqual([first.items[0].owner_name, first.items[0].owner_role], [`Zelda ${engine} Quux`, 'patient']);
    assert.deepEqual(ids(await list(`${whose}&limit=2&cursor=${first.next}`)), [made[0]]);
    assert.deepEqual(ids(await list(`q=${encodeURIComponent('100%_1')}`)), [made[1]]);
    isOk(await world.api('DELETE', `/api/me/keys/${made[1]}`, undefined, admin), 204);
    assert.deepEqual(ids(await list(`${whose}&state=good`)), [made[2], made[0]]);
    assert.deepEqual(ids(await list(`${whose}&state=ended`)), [made[1]]);
    isProblem(await world.api('GET', '/api/users/keys?cursor=x!', undefined, admin), 422);
    isProblem(await world.api('GET', '/api/users/keys', undefined, people[0].token), 403);
  });

  test('higher quotas are granted by the platform only', async () => {
    const patient = await world.patient();
    const ask = { name: 'Greedy', per_day: 1_000_000 };
    isProblem(await world.api('POST', '/api/me/keys', ask, patient.token), 403, 'identity.quota_too_high');
    const { about } = isOk(await world.api('POST', '/api/me/keys', { name: 'Modest' }, patient.token), 201);
    const quota = { per_minute: 5000, per_day: 1_000_000 };
    isProblem(await world.api('PUT', `/api/users/keys/${about.id}/quota`, quota, patient.token), 403);
    assert.equal(
      isOk(await world.api('PUT', `/api/users/keys/${about.id}/quota`, quota, admin), 200).per_day,
      1_000_000,
    );
  });
});
