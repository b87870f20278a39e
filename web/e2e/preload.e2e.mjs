// What the server tells the browser to fetch with the page (src/app/first_loads.cpp) is used, and fetched once.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { api, base, close, makePatient, open, signIn, test } from './helpers.mjs';

after(close);

/** The addresses that the page's Link header names. */
async function named(path) {
  const { headers } = await fetch(base + path, { headers: { Accept: 'text/html' } });
  return [...(headers.get('link') ?? '').matchAll(/<([^>]+)>/g)].map((m) => m[1]);
}

/** Opens the page; what was fetched how often, and what the browser has to say about it. */
async function visit(page, path, ready) {
  const said = [];
  page.on('console', (message) => said.push(message.text()));
  const fetched = new Map();
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const cached = new Set();
  const asked = [];
  session.on('Network.requestServedFromCache', ({ requestId }) => cached.add(requestId));
  session.on('Network.requestWillBeSent', ({ requestId, request, initiator }) =>
    asked.push({ requestId, path: request.url.replace(base, ''), initiator: initiator.type }),
  );
  await page.goto(base + path);
  await page.locator(ready).first().waitFor();
  await page.waitForTimeout(4500); // the browser complains some seconds after the load
  for (const { requestId, path: one } of asked)
    if (!cached.has(requestId)) fetched.set(one, (fetched.get(one) ?? 0) + 1);
  return { fetched, asked, unused: said.filter((text) => text.includes('preload')) };
}

test('what is fetched with the page is used, once', async () => {
  const { data } = await api('GET', '/api/doctors?limit=1');
  const patient = await makePatient();
  for (const [path, ready, calls] of [
    ['/', 'article', 4],
    ['/?q=heart', 'article', 2],
    [`/d/${data.items[0].id}`, '[data-at]', 2],
    ['/login', 'main form', 1],
    ['/me', 'main', 1],
    ['/accessibility', 'main section', 1],
  ]) {
    const page = await open();
    if (path === '/me') await signIn(page, patient);
    const links = await named(path);
    assert.equal(links.filter((link) => link.startsWith('/api/')).length, calls, `${path}: ${links}`);
    const { fetched, asked, unused } = await visit(page, path, ready);
    assert.deepEqual(unused, [], path);
    for (const link of links) {
      const times = fetched.get(link) ?? 0;
      // A file that an earlier page brought comes from the browser's store.
      const isKept = times === 0 && link.startsWith('/assets/') && path === '/me';
      assert.ok(times === 1 || isKept, `${path} fetches ${link} ${times} times`);
    }
    const first = asked.findIndex((one) => one.path.startsWith('/api/'));
    const script = asked.findIndex((one) => one.initiator === 'script');
    assert.ok(first >= 0 && (script < 0 || first < script), `${path}: the first call waits for no script`);
    assert.deepEqual(page.faults, [], path);
  }
});
