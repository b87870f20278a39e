// Lighthouse (mobile) of the public pages of a running server, and the layout and input figures of a real walk:
//   FAIRWARD_URL=http://127.0.0.1:8080 node bench/lighthouse/run.mjs [--json FILE]
// The middle of three runs counts. Installs itself with npm ci when it is not.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const here = import.meta.dirname;
const base = (process.env.FAIRWARD_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const rounds = Number(process.env.LIGHTHOUSE_ROUNDS ?? 3);
const goals = { performance: 95, accessibility: 100, lcpMs: 2000, cls: 0.02, tbtMs: 200 };

if (!existsSync(path.join(here, 'node_modules/lighthouse')))
  execFileSync('npm', ['ci', '--silent', '--ignore-scripts', '--no-audit'], { cwd: here, stdio: 'inherit' });
const { default: lighthouse } = await import('lighthouse');

async function browserStart() {
  const profile = mkdtempSync(path.join(tmpdir(), 'lighthouse-'));
  const browser = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]);
  const port = await new Promise((resolve, reject) => {
    browser.stderr.on('data', (text) => {
      const found = /DevTools listening on ws:\/\/[^:]+:(\d+)/.exec(String(text));
      if (found) resolve(Number(found[1]));
    });
    browser.once('exit', () => reject(new Error('the browser did not start')));
  });
  const stop = async () => {
    browser.kill();
    await sleep(500);
    rmSync(profile, { recursive: true, force: true });
  };
  return { port, stop };
}

async function once(url, port) {
  const { lhr } = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
  });
  const value = (audit) => lhr.audits[audit].numericValue;
  if (value('cumulative-layout-shift') === undefined) return undefined;
  return {
    performance: Math.round(lhr.categories.performance.score * 100),
    accessibility: Math.round(lhr.categories.accessibility.score * 100),
    practices: Math.round(lhr.categories['best-practices'].score * 100),
    lcpMs: Math.round(value('largest-contentful-paint')),
    cls: Number(value('cumulative-layout-shift').toFixed(3)),
    tbtMs: Math.round(value('total-blocking-time')),
    kilobytes: Math.round(value('total-byte-weight') / 1024),
  };
}

/** A browser on a busy machine now and then paints nothing in time: such a run says nothing and is made again. */
async function measured(url, port) {
  for (let tries = 0; tries < 5; tries++) {
    const found = await once(url, port);
    if (found) return found;
  }
  throw new Error(`${url}: nothing was painted in five runs`);
}

const middle = (runs) => [...runs].sort((a, b) => a.performance - b.performance)[Math.floor(runs.length / 2)];

const { items } = await (await fetch(`${base}/api/doctors?limit=1`)).json();
const pages = { search: '/', doctor: `/d/${items[0].id}`, login: '/login', reference: '/docs' };
const { port, stop } = await browserStart();
const results = {};
try {
  for (const [name, target] of Object.entries(pages)) {
    const runs = [];
    for (let i = 0; i < rounds; i++) runs.push(await measured(base + target, port));
    results[name] = middle(runs);
  }
} finally {
  await stop();
}

const row = (cells) => `| ${cells.join(' | ')} |`;
console.log(row(['page', 'performance', 'accessibility', 'best practices', 'LCP ms', 'CLS', 'TBT ms', 'KB']));
console.log(row(Array(8).fill('---')));
for (const [name, r] of Object.entries(results))
  console.log(row([name, r.performance, r.accessibility, r.practices, r.lcpMs, r.cls, r.tbtMs, r.kilobytes]));
console.log(row(['goal', goals.performance, goals.accessibility, '', goals.lcpMs, goals.cls, goals.tbtMs, '']));
const at = process.argv.indexOf('--json');
if (at > 0) writeFileSync(process.argv[at + 1], JSON.stringify({ goals, results }, null, 2));
