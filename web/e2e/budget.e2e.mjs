// What the server sends for a page stays within its budget.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { firstRouteMax, furtherRouteMax, measure } from '../dev/budget.mjs';
import { base, test } from './helpers.mjs';

test('every route stays within its budget of code and styles', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../dist/manifest.json', import.meta.url)));
  const { first, routes } = await measure(manifest, async (file) => {
    const response = await fetch(`${base}/${file}`);
    assert.equal(response.status, 200, file);
    return Buffer.from(await response.arrayBuffer());
  });
  console.log(
    `first route ${first.toFixed(1)} KB gzip, further routes at most ${Math.max(...Object.values(routes)).toFixed(1)} KB more`,
  );
  assert.ok(first <= firstRouteMax, `first route: ${first.toFixed(1)} KB`);
  assert.ok(Object.keys(routes).length > 12);
  for (const [name, size] of Object.entries(routes))
    assert.ok(size <= furtherRouteMax, `${name}: ${size.toFixed(1)} KB`);
});
