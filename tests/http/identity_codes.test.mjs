// One-time codes from outside: the message sandbox is looked into as a patient looks at the phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { inbox } from '../lib/inbox.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('one-time codes', (engine) => {
  let world, messages;
  let last = 0;
  const freshPhone = () => `+9197${String(10_000_000 + ++last)}`;
  before(async () => {
    world = await start({
      engine,
      settings: {
        'identity.sandbox_messages': true,
        'limits.codes_per_address': 100_000,
        'limits.codes_in_all': 100_000,
      },
    });
    messages = inbox(world);
  });
  after(() => world?.stop());

  const ask = async (phone) => isOk(await world.api('POST', '/api/auth/codes', { phone }), 202);
  const codeFor = async (phone) => (await messages.until((m) => m.phone === phone && m.kind === 'login_code')).secret;
  const enter = (request, code, more = {}) => world.api('POST', '/api/auth/codes/login', { request, code, ...more });
  const wrong = (code) => (code === '000000' ? '000001' : '000000');

  test('a patient signs up and in by phone alone', async () => {
    const phone = freshPhone();
    const { request, tries, expires_at } = await ask(phone);
    assert.equal(tries, 5);
    assert.ok(Math.abs(Date.parse(expires_at) - Date.now() - 300_000) < 20_000);
    const code = await codeFor(phone);
    assert.match(code, /^\d{6}$/);
    pointsAt(await enter(request, code), '/name');
    const { user, access_token } = isOk(await enter(request, code, { name: 'Asha Rao' }), 200);
    assert.equal(user.role, 'patient');
    assert.equal(isOk(await world.api('GET', '/api/me', undefined, access_token), 200).name, 'Asha Rao');
    isProblem(await enter(request, code), 401, 'identity.code_wrong');

    const again = await ask(phone);
    const { secret } = await messages.until((m) => m.phone === phone && m.person === user.id);
    const reply = await world.api('POST', '/api/session/code', { request: again.request, code: secret });
    assert.equal(isOk(reply, 201).user.id, user.id);
    assert.ok(reply.headers['set-cookie'].some((line) => line.startsWith('fw_session=')));
  });

  test('fifty guesses at once: five are looked at, and then the right one is too late', async () => {
    const phone = freshPhone();
    const { request } = await ask(phone);
    const code = await codeFor(phone);
    const replies = await Promise.all(Array.from({ length: 50 }, () => enter(request, wrong(code))));
    for (const reply of replies) isProblem(reply, 401, 'identity.code_wrong');
    assert.equal(replies.filter((reply) => reply.body.tries_left !== undefined).length, 5);
    isProblem(await enter(request, code, { name: 'Late' }), 401, 'identity.code_wrong');
  });

  test('a phone gets three codes in ten minutes, and the answer says when there will be more', async () => {
    const phone = freshPhone();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => world.api('POST', '/api/auth/codes', { phone })),
    );
    assert.equal(replies.filter((reply) => reply.status === 202).length, 3);
    const refused = replies.find((reply) => reply.status !== 202);
    isProblem(refused, 429, 'identity.code_sends_exceeded');
    assert.ok(Number(refused.headers['retry-after']) > 590 && Number(refused.headers['retry-after']) <= 600);
    await ask(freshPhone());
  });

  test('whose phone it is does not show, and staff do not get in by it', async () => {
    const phone = freshPhone();
    const admin = await world.staff('platform_admin');
    const hospital_id = world.logins.find((login) => login.hospital_id)?.hospital_id;
    const staff = { role: 'front_desk', name: 'Desk', login: phone, password: 'long enough secret 1', hospital_id };
    isOk(await world.api('POST', '/api/users', staff, admin), 201);
    const known = await world.api('POST', '/api/auth/codes', { phone });
    const unknown = await world.api('POST', '/api/auth/codes', { phone: freshPhone() });
    assert.equal(known.status, unknown.status);
    assert.deepEqual(Object.keys(known.body), Object.keys(unknown.body));
    const told = await messages.until((m) => m.phone === phone);
    assert.equal(told.kind, 'login_code_refused');
    assert.equal(told.secret, undefined);
  });

  test('what is no phone, no request, no code', async () => {
    pointsAt(await world.api('POST', '/api/auth/codes', { phone: 'soon' }), '/phone');
    pointsAt(await world.api('POST', '/api/auth/codes', { phone: 7 }), '/phone');
    for (const request of ['', '1', '1.x', '9223372036854775807.x', `${'9'.repeat(400)}.x`])
      isProblem(await enter(request, '123456'), 401, 'identity.code_wrong');
    const phone = freshPhone();
    const { request } = await ask(phone);
    for (const code of ['', '12345', '१२३४५६', ' 123456', "' OR 1=1"])
      isProblem(await enter(request, code), 401, 'identity.code_wrong');
  });

  test('neither the database nor the log has a code', async () => {
    const phone = freshPhone();
    await ask(phone);
    const code = await codeFor(phone);
    assert.ok(!world.server.tail().includes(code));
  });
});

onEachEngine('one-time codes without a messenger', (engine) => {
  let world;
  before(async () => {
    world = await start({ engine });
  });
  after(() => world?.stop());

  test('are not offered', async () => {
    isProblem(
      await world.api('POST', '/api/auth/codes', { phone: '+919800000001' }),
      503,
      'identity.codes_not_offered',
    );
  });
});
