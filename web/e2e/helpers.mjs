// What the e2e tests share. They run against any server that has doctors with free times:
//   FAIRWARD_URL           where the UI and the API are (default http://127.0.0.1:8080)
//   FAIRWARD_SHOTS         a folder for screenshots (none without it)
//   FAIRWARD_DESK_LOGIN, FAIRWARD_DESK_PASSWORD   a front desk account (default: the mock's)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as nodeTest } from 'node:test';
import { chromium } from 'playwright-core';

export const base = (process.env.FAIRWARD_URL ?? 'http://127.0.0.1:8080').replace(/\/$/, '');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const password = 'correct horse battery';

let browser;
const watched = new Set();

/** What the open pages show and what their calls came to. */
async function report() {
  for (const page of watched) {
    const text = await page.evaluate(() => document.body.innerText).catch(String);
    console.error(`--- ${page.url()}\n${text}`);
    for (const [request, { begun, status, failed }] of page.requests) {
      if (/\.(js|css|woff2|svg)/.test(request.url())) continue;
      console.error(
        `  ${new Date(begun).toISOString()} ${request.method()} ${request.url()} ${status ?? failed ?? 'unanswered'}`,
      );
    }
  }
}

/** A test that tells on failure what the pages show. */
export const test = (name, body) =>
  nodeTest(name, async (t) => {
    try {
      await body(t);
    } catch (error) {
      await report();
      throw error;
    } finally {
      for (const page of watched) await page.context().close();
      watched.clear();
    }
  });

export async function open({ width = 1200, height = 900, scheme = 'light', timezone = 'Asia/Kolkata' } = {}) {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: timezone,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.faults = [];
  watched.add(page);
  page.requests = new Map();
  page.on('request', (request) => page.requests.set(request, { begun: Date.now() }));
  page.on('requestfailed', (request) => (page.requests.get(request).failed = request.failure()?.errorText));
  page.on('response', (response) => {
    const seen = page.requests.get(response.request());
    if (seen) seen.status = response.status();
  });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Minified React error/.test(message.text())) page.faults.push(message.text());
  });
  return page;
}
export const close = async () => {
  await browser?.close();
  browser = undefined;
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function api(method, path, { body, token, ifMatch, ok = true } = {}) {
  for (let tries = 0; ; tries++) {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(ifMatch ? { 'If-Match': ifMatch } : {}),
        ...(method === 'POST' ? { 'Idempotency-Key': crypto.randomUUID() } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
    });
    if (response.status === 429 && tries < 10) {
      await pause(1000 * Number(response.headers.get('Retry-After') ?? 1));
      continue;
    }
    const data = await response.json().catch(() => undefined);
    if (ok && !response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(data)}`);
    return { status: response.status, data };
  }
}

let made = 0;
export const newLogin = () => `e2e.${process.pid}.${Date.now()}.${++made}@example.org`;
export async function makePatient(name = 'Eve Tester') {
  const login = newLogin();
  const { data } = await api('POST', '/api/auth/register', { body: { role: 'patient', name, email: login, password } });
  return { id: data.user.id, token: data.access_token, login, password, name };
}

/** Signs the page in through the session endpoint, as the login form does. */
export async function signIn(page, { login, password }) {
  if (!page.url().startsWith(base)) await page.goto(`${base}/login`);
  const status = await page.evaluate(
    async (body) =>
      (
        await fetch('/api/session', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status,
    { login, password },
  );
  if (status !== 201) throw new Error(`session: ${status}`);
}

/** GET with the page's own cookies. */
export const ask = (page, path) => page.evaluate(async (p) => (await fetch(p)).json(), path);

export const dateIn = (zone, instant) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  );
const addDays = (date, days) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

async function doctorsWithFreeTimes() {
  const { data } = await api('GET', '/api/doctors?limit=30');
  return data.items.filter((d) => d.next_free?.length > 0);
}
const shuffled = (list) =>
  list
    .map((x) => [Math.random(), x])
    .sort((a, b) => a[0] - b[0])
    .map((x) => x[1]);

/** A doctor and a day with at least `count` free times. */
export async function findFreeDay(count = 3) {
  for (const doctor of shuffled(await doctorsWithFreeTimes())) {
    const days = await daysOf(doctor);
    const found = days.find((d) => d.free.length >= count);
    if (found) return { doctor, ...found };
  }
  throw new Error('no doctor has free times');
}

async function daysOf(doctor) {
  const zone = doctor.practices[0].time_zone;
  const today = dateIn(zone, Date.now());
  const { data } = await api('GET', `/api/doctors/${doctor.id}/slots?from=${today}&to=${addDays(today, 6)}`);
  const days = new Map();
  for (const slot of data.items) {
    const date = dateIn(data.time_zone ?? zone, slot.starts_at);
    const day = days.get(date) ?? { date, zone: data.time_zone ?? zone, all: [], free: [], held: [] };
    day.all.push(slot);
    if (slot.status === 'free') day.free.push(slot);
    if (slot.status === 'held') day.held.push(slot);
    days.set(date, day);
  }
  return [...days.values()];
}

/** The day with the fewest free times, at most `max`, nothing on hold: cheap to fill. */
export async function findDayToFill(max = 80) {
  const candidates = [];
  for (const doctor of (await doctorsWithFreeTimes()).slice(0, 20))
    for (const day of await daysOf(doctor))
      if (day.free.length >= 6 && day.free.length <= max && day.held.length === 0) candidates.push({ doctor, ...day });
  return candidates.sort((a, b) => a.free.length - b.free.length)[0];
}

/** Holds every free time of the day with patients of our own, up to two times in a row each. */
export async function fillDay({ doctor, free }) {
  const holds = [];
  for (let i = 0; i < free.length; ) {
    let run = 1;
    while (
      run < 2 &&
      free[i + run]?.starts_at === free[i + run - 1].ends_at &&
      free[i + run].hospital_id === free[i].hospital_id
    )
      run++;
    const patient = await makePatient('Holder');
    const body = { doctor_id: doctor.id, hospital_id: free[i].hospital_id, starts_at: free[i].starts_at, slots: run };
    const reply = await api('POST', '/api/holds', { body, token: patient.token, ok: false });
    if (reply.status === 201) holds.push({ ...reply.data, token: patient.token, slots: run });
    i += run;
  }
  return holds;
}
/** Holds what has come free on the day since. */
export async function fillAgain(day) {
  const now = (await daysOf(day.doctor)).find(({ date }) => date === day.date);
  return fillDay({ doctor: day.doctor, free: now.free });
}
export const release = (hold) => api('DELETE', `/api/holds/${hold.id}`, { token: hold.token, ok: false });

export async function axe(page, label) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { violations } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(
      (v) =>
        `${v.id}: ${v.nodes
          .map((n) => n.target.join(' '))
          .slice(0, 4)
          .join(' | ')}`,
    );
  });
  return violations.map((v) => `${label} ${v}`);
}

export async function shot(page, name, fullPage = true) {
  const folder = process.env.FAIRWARD_SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
}

/** Presses Tab until the focused element matches the selector (and bears the text); fails when none does. */
export async function tabTo(page, selector, text = '', max = 150) {
  for (let i = 0; i < max; i++) {
    await page.keyboard.press('Tab');
    const there = await page.evaluate(
      ([wanted, words]) => {
        const el = document.activeElement;
        return Boolean(el?.matches(wanted) && (el.textContent + (el.getAttribute('aria-label') ?? '')).includes(words));
      },
      [selector, text],
    );
    if (there) return;
  }
  throw new Error(`no Tab stop is ${selector} ${text}`);
}
