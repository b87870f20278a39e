// Measures what the first page loads before it can be used, from Vite's manifest, and fails above the budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budgetKilobytes = 135;
const manifest = JSON.parse(readFileSync('dist/manifest.json', 'utf8'));
const seen = new Set();
function collect(name) {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const imported of chunk.imports ?? []) collect(imported);
}
collect('index.html');
let total = 0;
for (const file of seen) {
  const size = gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1024;
  total += size;
  if (size > 1) console.log(`${size.toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${total.toFixed(1).padStart(7)} KB  first route, gzip (budget ${budgetKilobytes})`);
if (total > budgetKilobytes) process.exit(1);
