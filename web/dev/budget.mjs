// Measures what a page loads before it can be used, from Vite's manifest: gzip, in kilobytes. `npm run budget` looks at
// dist/ and fails above the budget; e2e/budget.e2e.mjs looks at what the server sends.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

export const firstRouteMax = 135;
export const furtherRouteMax = 60;

function filesOf(manifest, name, found = new Set(), seen = new Set()) {
  const chunk = manifest[name];
  if (!chunk || seen.has(name)) return found;
  seen.add(name);
  for (const file of [chunk.file, ...(chunk.css ?? [])]) found.add(file);
  for (const imported of chunk.imports ?? []) filesOf(manifest, imported, found, seen);
  return found;
}

/** {first, routes: {page: kilobytes more than the first}}; `read` gives a file's bytes. */
export async function measure(manifest, read) {
  const known = new Map();
  const sizeOf = async (file) => {
    if (!known.has(file)) known.set(file, gzipSync(await read(file), { level: 9 }).length / 1024);
    return known.get(file);
  };
  const sum = async (files) => {
    let total = 0;
    for (const file of files) total += await sizeOf(file);
    return total;
  };
  const first = filesOf(manifest, 'index.html');
  const routes = {};
  for (const name of Object.keys(manifest).filter((n) => n.endsWith('_page.tsx')))
    routes[name.replace(/.*\/|_page\.tsx/g, '')] = await sum(
      [...filesOf(manifest, name)].filter((file) => !first.has(file)),
    );
  return { first: await sum(first), routes };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2] ?? 'dist';
  const manifest = JSON.parse(readFileSync(`${folder}/manifest.json`, 'utf8'));
  const { first, routes } = await measure(manifest, (file) => readFileSync(`${folder}/${file}`));
  for (const [name, size] of Object.entries(routes)) console.log(`${size.toFixed(1).padStart(7)} KB more  ${name}`);
  console.log(`${first.toFixed(1).padStart(7)} KB       first route, gzip (budget ${firstRouteMax})`);
  if (first > firstRouteMax || Object.values(routes).some((size) => size > furtherRouteMax)) process.exit(1);
}
