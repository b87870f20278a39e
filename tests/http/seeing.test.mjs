// What an operator sees from outside: the trace of a request through all that it leads to, and the errors of the
// server's side, kept without a word of patients.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOk, isProblem } from '../lib/expect.mjs';
import { command, onEachEngine, start } from '../lib/server.mjs';

const hex = (bytes) => crypto.randomBytes(bytes).toString('hex');
const parts = (traceparent) => traceparent.split('-');
// The status of a reply is a number in the log, the code of a problem a text.
const secret = 'Asha Canary';

async function until(what, look, isDone = (found) => found) {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
    const found = await look();
    if (isDone(found)) return found;
  }
  return assert.fail(`${what}: not within 15 s`);
}

onEachEngine('seeing', (engine) => {
  let world, admin, node;
  before(async () => {
    world = await start({ engine, settings: { 'log.level': 'debug', 'limits.password_queue': 1 } });
    [node] = world.nodes;
    admin = await world.staff('platform_admin');
  });
  after(() => world?.stop());

  const log = () =>
    fs
      .readFileSync(node.log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  const ask = (headers) => world.api('GET', '/api/cities', undefined, undefined, headers);
  const errors = async (query = '') =>
    isOk(await world.api('GET', `/api/errors?${query}`, undefined, admin), 200).items;

  test('a trace goes on: in the answer, in the log', async () => {
    const [id, span] = [hex(16), hex(8)];
    const reply = await ask({ traceparent: `00-${id}-${span}-01` });
    const [version, answeredId, answeredSpan, flags] = parts(reply.headers.traceresponse);
    assert.deepEqual([version, answeredId, flags], ['00', id, '01']);
    assert.match(answeredSpan, /^[0-9a-f]{16}$/);
    assert.notEqual(answeredSpan, span);
    const line = await until('log', () => log().find((one) => one.trace_id === id));
    assert.deepEqual(
      [line.message, line.route, line.span_id, line.parent_id, line.code],
      ['request', 'city_list', answeredSpan, span, 200],
    );
  });

  test('a trace begins where none was sent, or one that is not valid', async () => {
    const [id, span] = [hex(16), hex(8)];
    const invalid = [
      `00-${'0'.repeat(32)}-${span}-01`,
      `00-${id}-${'0'.repeat(16)}-01`,
      `00-${id.toUpperCase().replace(/^./, 'A')}-${span}-01`,
      `ff-${id}-${span}-01`,
      `00-${id}-${span}-01-more`,
      `00-${id}-${span}`,
      'nonsense',
    ];
    for (const traceparent of invalid) {
      const { status, headers } = await ask({ traceparent });
      assert.equal(status, 200);
      assert.match(headers.traceresponse, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/, traceparent);
      assert.ok(!headers.traceresponse.includes(id), traceparent);
    }
    const twice = await ask({ traceparent: [`00-${id}-${span}-01`, `00-${id}-${span}-01`] });
    assert.ok(!twice.headers.traceresponse?.includes(id), 'two headers');
    const future = await ask({ traceparent: `cc-${id}-${span}-01-what-the-future-will-be-like` });
    assert.equal(parts(future.headers.traceresponse)[1], id);
    const without = await ask({});
    assert.equal(without.headers.traceresponse, undefined);
    const line = await until('log', () => log().find((one) => one.request_id === without.headers['x-request-id']));
    assert.match(line.trace_id, /^[0-9a-f]{32}$/);
    assert.equal(line.parent_id, undefined);
  });

  test('a trace is passed on: through the job to the payment gateway, and back with its webhook', async () => {
    const patient = await world.patient();
    const doctor = (await world.api('GET', '/api/doctors?limit=1')).body.items[0].id;
    const [slot] = await world.slots(doctor, { soonest: 3 * 3_600_000 });
    const body = { doctor_id: doctor, starts_at: slot.starts_at };
    const hold = isOk(await world.api('POST', '/api/holds', body, patient.token), 201);
    const [id, span] = [hex(16), hex(8)];
    const paid = await world.api('POST', `/api/holds/${hold.id}/payments`, { method: 'sandbox' }, patient.token, {
      traceparent: `00-${id}-${span}-01`,
    });
    assert.ok([201, 202].includes(paid.status), paid.text);
    const asked = parts(paid.headers.traceresponse)[2];
    const webhook = await until('webhook', () =>
      log().find((one) => one.route === 'payment_webhook' && one.trace_id === id),
    );
    assert.match(webhook.parent_id, /^[0-9a-f]{16}$/);
    assert.ok(![span, asked].includes(webhook.parent_id), 'the span is that of the job, which called the gateway');
  });

  test('what the server cannot do is counted and kept, with operation, code and trace', async () => {
    const before = await node.metric('fairward_problems_total{code="server.busy"}');
    const began = new Date(Date.now() - 1000).toISOString();
    const traces = new Set();
    const tries = Array.from({ length: 40 }, (_, index) => {
      const id = hex(16);
      const headers = { traceparent: `00-${id}-${hex(8)}-01` };
      const credentials = { login: `${secret} ${index}@example.org`, password: `${secret} and a word` };
      return world.api('POST', '/api/auth/login', credentials, undefined, headers).then((reply) => {
        if (reply.status !== 503) return 0;
        isProblem(reply, 503, 'server.busy');
        assert.equal(reply.body.trace_id, id);
        traces.add(id);
        return 1;
      });
    });
    const refused = (await Promise.all(tries)).reduce((sum, one) => sum + one, 0);
    assert.ok(refused > 10, `${refused} were refused`);
    assert.equal(await node.metric('fairward_problems_total{code="server.busy"}'), before + refused);
    const query = `code=server.busy&since=${began}`;
    const repeats = (list) => list.reduce((sum, entry) => sum + entry.repeats, 0);
    const list = await until(
      'kept',
      () => errors(query),
      (found) => repeats(found) >= refused,
    );
    assert.equal(repeats(list), refused);
    const [entry] = list;
    assert.deepEqual([entry.message, entry.operation, entry.code], ['request failed', 'login_create', 'server.busy']);
    assert.ok(traces.has(entry.trace_id));
    assert.equal(entry.node, `127.0.0.1:${node.port}`);
    assert.ok(Date.parse(entry.first_at) <= Date.parse(entry.last_at));
    const counts = isOk(await world.api('GET', `/api/errors/counts?since=${began}`, undefined, admin), 200).items;
    assert.equal(counts.find(({ code }) => code === 'server.busy').repeats, refused);
    assert.doesNotMatch(JSON.stringify(await errors('limit=200')), /Canary/i, 'nothing of who called');
    assert.doesNotMatch(fs.readFileSync(node.log, 'utf8'), /Canary/i, 'neither in the log');
  });

  test('the error log is read by the super administrator alone', async () => {
    isProblem(await world.api('GET', '/api/errors'), 401);
    for (const role of ['hospital_admin', 'front_desk', 'doctor']) {
      isProblem(await world.api('GET', '/api/errors', undefined, await world.staff(role)), 403);
    }
    const wrong = ['cursor=x', 'cursor=-1', 'since=yesterday', 'limit=0', 'limit=201', 'code=', 'zoom=1'];
    for (const query of wrong) {
      isProblem(await world.api('GET', `/api/errors?${query}`, undefined, admin), 422);
    }
    assert.deepEqual(await errors('code=no.such'), []);
    assert.deepEqual(await errors(`since=${new Date(Date.now() + 3_600_000).toISOString()}`), []);
    const first = isOk(await world.api('GET', '/api/errors?limit=1', undefined, admin), 200);
    assert.equal(first.items.length, 1);
  });

  test('fairward errors prints them', () => {
    const where = [`--database.url=${world.url}`, `--data.folder=${world.data}`];
    const printed = command(['errors', '--hours', '1', '--code', 'server.busy', ...where]);
    assert.match(
      printed,
      /^\S+Z +\d+ x {2}127\.0\.0\.1:\d+ {2}request failed {2}operation=login_create {2}code=server\.busy/m,
    );
    assert.equal(command(['errors', '--code', 'no.such', ...where]), '');
  });

  test('errors wait in memory while the database is what failed', { skip: engine !== 'postgres' }, async () => {
    await world.postgres.crash();
    const refused = await until(
      'unavailable',
      () => world.api('GET', '/api/me', undefined, admin),
      (reply) => reply.status === 503,
    );
    isProblem(refused, 503, 'server.unavailable');
    assert.match(refused.body.trace_id, /^[0-9a-f]{32}$/);
    assert.ok((await node.metric('fairward_errors_waiting')) > 0);
    await world.postgres.serve();
    const list = await until(
      'kept',
      () => errors('code=server.unavailable').catch(() => []),
      (found) => found.length > 0,
    );
    assert.ok(list.some((entry) => entry.operation === 'me_get' || entry.operation));
    const lost = await errors('limit=200');
    assert.ok(
      lost.some(({ message }) =>
        ['no connection', 'commit in doubt', 'database unavailable', 'call broken'].includes(message),
      ),
      'and why',
    );
    assert.doesNotMatch(JSON.stringify(lost), /Canary/i);
  });
});
