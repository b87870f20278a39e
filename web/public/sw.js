// Keeps the pages that show a confirmation, so that they open without a network. It never answers for the API: what it
// keeps is the program, not data.
const shell = ['index.html', 'src/features/appointment/appointment_page.tsx', 'src/features/me/me_page.tsx'];
const words = ['src/i18n/en_pages.json', 'src/i18n/hi.json'];
const plain = ['/boot.js', '/icon.svg', '/app.webmanifest'];
const prefix = 'fairward-';

/** The files of some entries of Vite's manifest with all that they import; for pages also what they load on demand. */
function filesOf(manifest) {
  const found = new Set();
  const seen = new Set();
  const collect = (name, withLazy) => {
    const chunk = manifest[name];
    if (!chunk || seen.has(name)) return;
    seen.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) found.add(`/${file}`);
    for (const imported of chunk.imports ?? []) collect(imported, false);
    if (withLazy) for (const lazy of chunk.dynamicImports ?? []) collect(lazy, false);
  };
  for (const name of shell) collect(name, name !== 'index.html');
  for (const name of words) collect(name, false);
  for (const name of Object.keys(manifest)) if (name.includes('noto-sans-devanagari/wght.css')) collect(name, false);
  return [...found].filter((file) => !/(latin-ext|vietnamese|cyrillic|greek)/.test(file));
}

async function nameOf(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return prefix + [...bytes.slice(0, 8)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** All files of one build or none: a page must never meet the parts of another build. */
async function refresh() {
  const response = await fetch('/manifest.json', { cache: 'no-cache' });
  if (!response.ok) return;
  const text = await response.text();
  const name = await nameOf(text);
  if (!(await caches.has(name))) {
    const cache = await caches.open(name);
    try {
      await cache.addAll(['/', ...plain, ...filesOf(JSON.parse(text))]);
    } catch (error) {
      await caches.delete(name);
      throw error;
    }
  }
  for (const other of await caches.keys()) if (other.startsWith(prefix) && other !== name) await caches.delete(other);
}

self.addEventListener('install', (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', (event) => {
  if (event.data === 'refresh') event.waitUntil(refresh().catch(() => undefined));
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (event.request.mode === 'navigate') {
    if (/^\/(api|problems|docs\/plain|metrics|openapi\.json)/.test(url.pathname)) return;
    event.respondWith(fetch(event.request).catch(() => caches.match('/').then((page) => page ?? Response.error())));
  } else if (url.pathname.startsWith('/assets/') || plain.includes(url.pathname)) {
    event.respondWith(fromNetworkOr(event.request, url.pathname.startsWith('/assets/')));
  }
});

/** Names below /assets bear a hash of their content: what is kept is right. The others are asked for first. */
async function fromNetworkOr(request, keptFirst) {
  const kept = await caches.match(request);
  if (kept && keptFirst) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
