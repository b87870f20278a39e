// Every operation of the document, called by every role of another hospital and by other people on what is ours: none
// is told anything, nothing has changed after; then who may do it does, so that what was refused was a good call.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canary, OurHospital, operations } from '../lib/every_operation.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { command, onEachEngine, start } from '../lib/server.mjs';

const password = 'correct horse of another hospital';
const streams = ['event_stream']; // never ends: tests/http/platform

onEachEngine('strangers', (engine) => {
  let world, ours, strangers, documented, matrix;
  before(async () => {
    world = await start({
      engine,
      demo: { cities: 2, doctors: 12 },
      settings: { 'identity.sandbox_messages': true },
    });
    ours = await new OurHospital(world).open();
    strangers = await strangersOf(ours);
    const { paths } = isOk(await world.api('GET', '/openapi.json'), 200);
    documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation?.operationId && !streams.includes(operation.operationId))
        .map(([method, { operationId }]) => ({ id: operationId, method: method.toUpperCase(), path })),
    );
    matrix = new Map(JSON.parse(command(['policy', '--json'])).map((row) => [row.operation, row.scopes]));
  });
  after(() => world?.stop());

  // Everybody who is not of our hospital: a login of each role elsewhere, a patient, and nobody.
  const strangersOf = async ({ id, tokens }) => {
    const { items } = await ours.read('/api/doctors?limit=30', 'patient');
    const theirs = items.find(({ practices }) => practices.every(({ hospital_id }) => hospital_id !== id));
    const elsewhere = theirs.practices[0].hospital_id;
    const found = { anyone: undefined, patient: (await world.patient()).token };
    for (const role of ['doctor', 'front_desk', 'ward_admin', 'hospital_admin']) {
      const login = `stranger-${role.replace('_', '-')}`;
      const place = role === 'doctor' ? { doctor_id: theirs.id } : { hospital_id: elsewhere };
      const body = { role, name: role, login, password, ...place };
      isOk(await world.api('POST', '/api/users', body, tokens.platform_admin), 201);
      found[role] = await world.login(login, password);
    }
    return found;
  };

  const target = (path, { path: parts = {}, query }) => {
    const filled = path.replace(/\{([a-z_]+)\}/g, (_, name) => {
      assert.ok(name in parts, `${name} of ${path}`);
      return encodeURIComponent(parts[name]);
    });
    return query ? `${filled}?${new URLSearchParams(query)}` : filled;
  };
  const send = ({ method, path }, call, token) =>
    world.api(method, target(path, call), call.raw ?? call.body, token, call.headers ?? {});

  test('no operation is left out', () => {
    for (const { id } of documented) assert.ok(operations[id], `tests/lib/every_operation.mjs does not know ${id}`);
    for (const id of Object.keys(operations)) assert.ok(matrix.has(id), `there is no operation ${id}`);
  });

  // What strangers may answer a call that names what is ours: that it is not there, or not theirs.
  const isRefusal = (reply) => [401, 403, 404, 422].includes(reply.status);

  test('strangers are told nothing and change nothing; who may is served', async () => {
    for (const operation of documented) {
      const known = operations[operation.id];
      const it = (await known.on?.(ours)) ?? {};
      const rightful = known.by === 'owner' ? it.owner.token : ours.tokens[known.by];
      const look = async () => {
        if (!known.look) return '';
        const reply = await world.api('GET', known.look(it, ours), undefined, rightful);
        return isOk(reply, 200) && reply.text.replace(/"server_now":"[^"]*"/, '');
      };
      const before = await look();
      for (const [role, token] of Object.entries(strangers)) {
        const reply = await send(operation, await known.call(it, ours), token);
        const where = `${operation.id} by a ${role} from elsewhere: ${reply.status} ${reply.text.slice(0, 300)}`;
        assert.ok(reply.status < 500, where);
        assert.ok(!reply.text.includes(canary), where);
        if (known.on && !known.isOwn) {
          assert.ok(isRefusal(reply), where);
          isProblem(reply, reply.status);
        }
      }
      assert.equal(await look(), before, `${operation.id}: strangers changed it`);
      if (known.by === 'nobody') continue;
      const served = await send(operation, await known.call(it, ours), rightful);
      assert.ok(served.status < 300, `${operation.id} by ${known.by}: ${served.status} ${served.text}`);
    }
  });
});
