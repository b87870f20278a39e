// Who invites whom, and what a link opens: once, in time, for what the inviter may still give.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem, pointsAt } from '../lib/expect.mjs';
import { inbox } from '../lib/inbox.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('invitations', (engine) => {
  let world, messages, here;
  let last = 0;
  before(async () => {
    world = await start({ engine, settings: { 'identity.sandbox_messages': true } });
    messages = inbox(world);
    here = world.logins.find((login) => login.hospital_id).hospital_id;
  });
  after(() => world?.stop());

  const address = () => `invited.${engine}.${++last}@example.org`;
  const invite = async (by, body) =>
    world.api('POST', '/api/users/invitations', { name: 'Asha Rao', ...body }, await world.staff(by));
  const linkFor = async (email) => (await messages.until((m) => m.kind === 'invitation' && m.email === email)).secret;
  const accept = (token, more = {}) =>
    world.api('POST', '/api/session/invitation', { token, password: 'a sentence of my own', ...more });

  test('who is invited chooses a password and is in', async () => {
    const login = address();
    const invited = isOk(await invite('hospital_admin', { role: 'front_desk', login }), 201);
    assert.equal(invited.hospital_id, here);
    const list = isOk(
      await world.api('GET', '/api/users/invitations', undefined, await world.staff('hospital_admin')),
      200,
    );
    assert.ok(list.items.some((one) => one.id === invited.id));
    const token = await linkFor(login);
    pointsAt(await accept(token, { password: 'short' }), '/password');
    const replies = await Promise.all(Array.from({ length: 5 }, () => accept(token, { name: 'Asha R.' })));
    assert.equal(replies.filter((reply) => reply.status === 201).length, 1);
    const { user } = replies.find((reply) => reply.status === 201).body;
    assert.deepEqual([user.role, user.name, user.status, user.hospital_id], ['front_desk', 'Asha R.', 'active', here]);
    isProblem(await accept(token), 422, 'identity.link_wrong');
    const desk = await world.login(login, 'a sentence of my own');
    isOk(await world.api('GET', '/api/patients', undefined, desk), 200);
  });

  test('nobody invites above the own rank, elsewhere, or without the right', async () => {
    isProblem(await invite('hospital_admin', { role: 'platform_admin', login: address() }), 403);
    const elsewhere = { role: 'front_desk', login: address(), hospital_id: here + 1 };
    pointsAt(await invite('hospital_admin', elsewhere), '/hospital_id');
    for (const role of ['front_desk', 'ward_admin', 'doctor'])
      isProblem(await invite(role, { role: 'front_desk', login: address() }), 403);
    pointsAt(await invite('hospital_admin', { role: 'front_desk', login: 'just.a.name' }), '/login');
    const patient = await world.patient();
    isProblem(
      await invite('hospital_admin', { role: 'front_desk', login: patient.login }),
      409,
      'identity.login_taken',
    );
    isOk(await invite('platform_admin', { role: 'platform_admin', login: address() }), 201);
  });

  test('a withdrawn link opens nothing, nor do one of an inviter who is out and one that was made up', async () => {
    const login = address();
    const invited = isOk(await invite('hospital_admin', { role: 'ward_admin', login }), 201);
    const token = await linkFor(login);
    const target = `/api/users/invitations/${invited.id}`;
    isProblem(await world.api('DELETE', target, undefined, await world.staff('front_desk')), 403);
    isOk(await world.api('DELETE', target, undefined, await world.staff('hospital_admin')), 204);
    isProblem(await world.api('DELETE', target, undefined, await world.staff('hospital_admin')), 404);
    isProblem(await accept(token), 422, 'identity.link_wrong');

    const platform = await world.staff('platform_admin');
    const admin = { role: 'hospital_admin', name: 'Gone', login: `gone.${engine}`, password: 'a long sentence 1' };
    const { id } = isOk(await world.api('POST', '/api/users', { ...admin, hospital_id: here }, platform), 201);
    const second = address();
    const theirs = { role: 'front_desk', name: 'X', login: second };
    isOk(
      await world.api('POST', '/api/users/invitations', theirs, await world.login(admin.login, admin.password)),
      201,
    );
    const open = await linkFor(second);
    isOk(await world.api('PUT', `/api/users/${id}/disabled`, { disabled: true }, platform), 200);
    isProblem(await accept(open), 422, 'identity.link_wrong');
    for (const bad of ['', 'x', '1.x', `${open}x`, `${Number(open.split('.')[0]) + 1}.${open.split('.')[1]}`])
      isProblem(await accept(bad), 422, 'identity.link_wrong');
  });
});
