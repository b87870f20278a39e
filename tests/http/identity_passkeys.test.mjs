// Passkeys over HTTP: from the offer to signing in, what is refused, and that they are two factors where two are a
// must.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Authenticator, originOf } from '../lib/authenticator.mjs';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';
import { totp } from '../lib/totp.mjs';

onEachEngine('passkeys', (engine) => {
  let world, origin;
  before(async () => {
    world = await start({ engine, settings: { 'identity.second_factor_required': true } });
    origin = originOf(world);
  });
  after(() => world?.stop());

  const challenge = async () => isOk(await world.api('POST', '/api/auth/passkeys/challenges', {}), 200);
  const registered = async (token, device = new Authenticator(origin)) => {
    const offer = isOk(await world.api('POST', '/api/me/passkeys/offers', {}, token), 200);
    const passkey = isOk(await world.api('POST', '/api/me/passkeys', device.make(offer), token), 201);
    return { device, passkey };
  };
  const logIn = (body) => world.api('POST', '/api/auth/passkeys/login', body);
  const refused = (reply) => isProblem(reply, 401, 'identity.passkey_refused');

  test('one is made, named, signs in once for each challenge, and is removed', async () => {
    const patient = await world.patient();
    const { device, passkey } = await registered(patient.token);
    const body = device.sign(await challenge());
    const { access_token: token, user } = isOk(await logIn(body), 200);
    assert.equal(user.id, patient.id);
    isOk(await world.api('GET', '/api/me', undefined, token), 200);
    refused(await logIn(body));
    const [same] = await Promise.all([0, 1].map(() => challenge()));
    const twice = await Promise.all([device.sign(same), device.sign(same)].map(logIn));
    assert.equal(twice.filter(({ status }) => status === 200).length, 1, 'a challenge is good once');
    const cookie = await world.api('POST', '/api/session/passkey', device.sign(await challenge()));
    assert.equal(isOk(cookie, 201).user.id, patient.id);
    assert.match(String(cookie.headers['set-cookie']), /fw_session=.*HttpOnly/);

    isOk(await world.api('PUT', `/api/me/passkeys/${passkey.id}`, { name: 'My phone' }, patient.token), 204);
    const { items } = isOk(await world.api('GET', '/api/me/passkeys', undefined, patient.token), 200);
    assert.deepEqual(
      items.map(({ name }) => name),
      ['My phone'],
    );
    const stranger = await world.patient();
    isProblem(await world.api('DELETE', `/api/me/passkeys/${passkey.id}`, undefined, stranger.token), 404);
    isOk(await world.api('DELETE', `/api/me/passkeys/${passkey.id}`, undefined, patient.token), 204);
    refused(await logIn(device.sign(await challenge())));
  });

  test('another origin, site, flag, key or owner is refused, with one answer', async () => {
    const patient = await world.patient();
    const { device } = await registered(patient.token);
    const other = await registered((await world.patient()).token);
    const spoilt = async (change) => {
      const copy = Object.assign(Object.create(Authenticator.prototype), device);
      change(copy);
      device.count = copy.count + 1;
      return logIn(copy.sign(await challenge()));
    };
    refused(await spoilt((one) => (one.origin = 'https://evil.example')));
    refused(await spoilt((one) => (one.party = 'evil.example')));
    refused(await spoilt((one) => (one.flags = 0x01)));
    refused(await spoilt((one) => (one.key = other.device.key)));
    refused(await spoilt((one) => (one.handle = other.device.handle)));
    refused(await spoilt((one) => (one.count = -1)));
    refused(await logIn(device.sign({ challenge: 'AAAA' })));
    refused(await logIn({ ...device.sign(await challenge()), signature: '!' }));
    isOk(await logIn(device.sign(await challenge())), 200);
    const offer = isOk(await world.api('POST', '/api/me/passkeys/offers', {}, patient.token), 200);
    const evil = new Authenticator(origin);
    evil.origin = 'https://evil.example';
    isProblem(
      await world.api('POST', '/api/me/passkeys', evil.make(offer), patient.token),
      422,
      'identity.passkey_invalid',
    );
  });

  test('where two factors are a must, a passkey is both, and the password alone opens nothing any more', async () => {
    const admin = world.logins.find(({ role }) => role === 'hospital_admin');
    const logInBy = (code) =>
      world.api('POST', '/api/auth/login', { login: admin.login, password: admin.password, code });
    const { access_token: token } = isOk(await logInBy(), 200);
    isProblem(await world.api('GET', '/api/patients', undefined, token), 403, 'request.second_factor_missing');
    const { device } = await registered(token);
    isOk(await world.api('GET', '/api/patients', undefined, token), 200);
    isProblem(await logInBy(), 401, 'identity.passkey_needed');
    const strong = isOk(await logIn(device.sign(await challenge())), 200).access_token;
    isOk(await world.api('GET', '/api/patients', undefined, strong), 200);
    const { secret } = isOk(await world.api('POST', '/api/me/second-factor', {}, strong), 200);
    isOk(await world.api('PUT', '/api/me/second-factor', { code: totp(secret, -1) }, strong), 200);
    isOk(await logInBy(totp(secret)), 200);
  });
});
