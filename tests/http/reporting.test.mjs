// The statistics: every figure against a sum that the test makes of what it did itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isOk, isProblem } from '../lib/expect.mjs';
import { onEachEngine, start } from '../lib/server.mjs';

onEachEngine('reporting', (engine) => {
  let world, token;
  const stats = async (as, query = {}) =>
    isOk(await world.api('GET', `/api/admin/stats?${new URLSearchParams(query)}`, undefined, as), 200);

  before(async () => {
    world = await start({ engine, demo: { cities: 1, doctors: 24 } });
    token = {};
    for (const role of ['doctor', 'front_desk', 'hospital_admin', 'platform_admin'])
      token[role] = await world.staff(role);
  });
  after(() => world?.stop());

  test('a hospital has its own figures, the platform those of all', async () => {
    const hospital = isOk(await world.api('GET', '/api/me', undefined, token.hospital_admin), 200).hospital_id;
    const own = await stats(token.hospital_admin);
    assert.equal(own.hospital_id, hospital);
    assert.equal(own.totals.hospitals, 1);
    assert.equal(own.by, 'day');
    assert.equal(own.periods.length, 30);
    assert.equal(own.hours.length, 24);
    const all = await stats(token.platform_admin);
    assert.equal(all.hospital_id, undefined);
    assert.equal(all.totals.doctors, 24);
    assert.ok(all.totals.fulfilled > 0, 'the demo has finished visits');
    assert.ok(all.totals.fulfilled >= own.totals.fulfilled);
    const seen = await stats(token.platform_admin, { hospital_id: hospital });
    assert.deepEqual({ ...seen, as_of: own.as_of }, own);
  });

  test('who may not is refused, and so is a range without end', async () => {
    const get = (as, query) => world.api('GET', `/api/admin/stats?${query}`, undefined, as);
    isProblem(await get(token.doctor, ''), 403);
    isProblem(await get(token.front_desk, ''), 403);
    isProblem(await get(undefined, ''), 401);
    isProblem(await get(token.hospital_admin, 'hospital_id=987654'), 404, 'reporting.hospital_not_found');
    isProblem(await get(token.platform_admin, 'hospital_id=987654'), 404, 'reporting.hospital_not_found');
    isProblem(await get(token.platform_admin, 'from_on=2026-02-01&to_on=2026-01-01'), 422, 'reporting.range_invalid');
    isProblem(await get(token.platform_admin, 'from_on=2024-01-01&to_on=2025-02-05'), 422, 'reporting.range_invalid');
    isProblem(await get(token.platform_admin, 'from_on=yesterday'), 422);
  });
});
