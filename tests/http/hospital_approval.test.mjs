// A hospital asks to be listed: nobody finds it before the platform's administrator approves; then its first
// administrator is invited. A refusal is told with its reason.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { inbox } from '../lib/inbox.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('approval of hospitals', (engine) => {
  let world, platform, hospitals;
  before(async () => {
    world = await start({ engine, settings: { 'identity.sandbox_messages': true } });
    platform = await world.staff('platform_admin');
    hospitals = await world.staff('hospital_admin');
  });
  after(() => world?.stop());

  let made = 0;
  const form = (more = {}) => ({
    name: `Quiet Clinic ${++made}`,
    city_name: 'Wai',
    time_zone: 'Asia/Kolkata',
    contact_name: 'Mira Sen',
    contact_email: `mira${made}@example.org`,
    language: 'hi',
    ...more,
  });
  const apply = async (body) => {
    const reply = isOk(await world.api('POST', '/api/hospitals/applications', body), 202);
    assert.deepEqual(reply, { status: 'pending' });
    const waiting = isOk(await world.api('GET', '/api/hospitals?status=pending', undefined, platform), 200).items;
    return waiting.find(({ name }) => name === body.name);
  };
  const decide = (id, body, token = platform) => world.api('PUT', `/api/hospitals/${id}/approval`, body, token);
  const found = async (query, token) =>
    isOk(await world.api('GET', `/api/hospitals?${query}`, undefined, token), 200).items.map(({ name }) => name);

  test('one that waits is shown to the platform only, and is in no list', async () => {
    const body = form();
    const hospital = await apply(body);
    assert.equal(hospital.status, 'pending');
    for (const token of [undefined, hospitals, (await world.patient()).token]) {
      for (const query of ['keyword=Quiet', 'status=pending', 'status=all&limit=100', 'status=closed'])
        assert.ok(!(await found(query, token)).includes(body.name), query);
      isProblem(await world.api('GET', `/api/hospitals/${hospital.id}`, undefined, token), 404);
    }
    const { items: cities } = isOk(await world.api('GET', '/api/cities?keyword=Wai'), 200);
    assert.deepEqual(cities, [], 'a city that was only applied for is none yet');
    isOk(await world.api('GET', `/api/hospitals/${hospital.id}`, undefined, platform), 200);
    const application = await world.api('GET', `/api/hospitals/${hospital.id}/application`, undefined, platform);
    assert.equal(isOk(application, 200).contact_email, body.contact_email);
    isProblem(await decide(hospital.id, { approved: true }, hospitals), 403);
    const ward = { name: 'X', given_name: 'A', family_name: 'B' };
    assert.notEqual((await world.api('POST', '/api/doctors', ward, hospitals)).status, 201);
  });

  test('approved it is found, and its first administrator is invited in the language asked for', async () => {
    const body = form();
    const { id } = await apply(body);
    assert.equal(isOk(await decide(id, { approved: true }), 200).status, 'active');
    assert.ok((await found('keyword=Quiet')).includes(body.name));
    isOk(await world.api('GET', `/api/hospitals/${id}`), 200);
    const letter = await inbox(world).until((one) => one.email === body.contact_email);
    assert.equal(letter.kind, 'invitation');
    assert.equal(letter.language, 'hi');
    const accepted = { token: letter.secret, password: 'a long sentence of hers' };
    const { user } = isOk(await world.api('POST', '/api/session/invitation', accepted), 201);
    assert.deepEqual([user.role, user.hospital_id], ['hospital_admin', id]);
    const told = isOk(await world.api('GET', `/api/hospitals/${id}/application`, undefined, platform), 200);
    assert.equal(told.is_invited, true);
    isProblem(await decide(id, { approved: false, reason: 'No' }), 409, 'directory.hospital_not_pending');
  });

  test('refused it stays unseen, and the reason is told', async () => {
    const body = form();
    const { id } = await apply(body);
    pointsAt(await decide(id, { approved: false }), '/reason');
    const reason = 'The licence number could not be found.';
    assert.equal(isOk(await decide(id, { approved: false, reason }), 200).status, 'refused');
    const letter = await inbox(world).until((one) => one.email === body.contact_email);
    assert.equal(letter.kind, 'hospital_refused');
    assert.equal(letter.values.find(({ name }) => name === 'reason').text, reason);
    assert.ok(!(await found('keyword=Quiet')).includes(body.name));
    isProblem(await world.api('GET', `/api/hospitals/${id}`), 404);
    assert.ok((await found('status=refused', platform)).includes(body.name));
    const { headers } = await world.api('GET', `/api/hospitals/${id}`, undefined, platform);
    const opening = { status: 'active' };
    pointsAt(
      await world.api('PUT', `/api/hospitals/${id}`, opening, platform, { 'if-match': headers.etag }),
      '/status',
    );
  });

  test('what is no application is refused', async () => {
    const ask = (more) => world.api('POST', '/api/hospitals/applications', form(more));
    pointsAt(await ask({ contact_email: 'nobody' }), '/contact_email');
    pointsAt(await ask({ time_zone: 'Mars/Olympus' }), '/time_zone');
    isProblem(await ask({ status: 'active' }), 422);
  });
});
