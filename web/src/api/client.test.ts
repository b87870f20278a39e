import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { csrfTokenSet, get, Intent, Problem, request, urlWith, uuid } from './client';

type Call = { url: string; init: RequestInit & { headers: Record<string, string> } };
let calls: Call[];
let answers: (Response | Error)[];

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
const keyOf = (index: number) => calls[index]?.init.headers['Idempotency-Key'];

beforeEach(() => {
  calls = [];
  answers = [];
  csrfTokenSet(undefined);
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.stubGlobal('fetch', async (url: string, init: Call['init']) => {
    calls.push({ url, init });
    const answer = answers.shift() ?? json(200, {});
    if (answer instanceof Error) throw answer;
    return answer;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Lets the pauses between tries pass. */
async function settle<T>(promise: Promise<T>): Promise<T | unknown> {
  const done = promise.catch((error) => error);
  await vi.runAllTimersAsync();
  return done;
}

describe('request', () => {
  it('leaves out what is not asked for', () => {
    expect(urlWith('/api/doctors', { keyword: 'a b', city_id: undefined, cursor: '' })).toBe(
      '/api/doctors?keyword=a+b',
    );
  });

  it('sends the token on unsafe methods only', async () => {
    csrfTokenSet('t0ken');
    await get('/api/session');
    await request('DELETE', '/api/session');
    expect(calls.map((c) => c.init.headers['X-CSRF-Token'])).toEqual([undefined, 't0ken']);
  });

  it('names the doctor of a body in a header', async () => {
    await request('POST', '/api/holds', { body: { doctor_id: 7 } });
    await request('POST', '/api/appointments', { body: { doctor_id: '7' } });
    await request('POST', '/api/session', { body: { login: 'x' } });
    expect(calls.map((c) => c.init.headers['X-Doctor'])).toEqual(['7', undefined, undefined]);
  });

  it('gives problems with their code and members', async () => {
    const members = { code: 'booking.all_held', title: 'All held', status: 409, outcome: 'Retry', wait: '/api/waits' };
    answers = [json(409, members)];
    const error = await request('POST', '/api/holds', { body: {} }).catch((e) => e);
    expect(error).toBeInstanceOf(Problem);
    expect(error.code).toBe('booking.all_held');
    expect(error.body.wait).toBe('/api/waits');
  });

  it('repeats a read that was not answered, at most twice', async () => {
    answers = [new TypeError('down'), json(503, {}), json(200, { items: [1] })];
    expect(await settle(get('/api/cities'))).toEqual({ items: [1] });
    answers = [new TypeError('down'), new TypeError('down'), new TypeError('down'), json(200, {})];
    expect(await settle(get('/api/cities'))).toMatchObject({ code: 'client.offline' });
    expect(calls.length).toBe(6);
  });

  it('does not repeat a write without a key, nor what the server refused', async () => {
    answers = [new TypeError('down'), json(200, {})];
    expect(await settle(request('PUT', '/api/appointments/1', { body: {} }))).toMatchObject({ code: 'client.offline' });
    answers = [json(422, { code: 'request.invalid' })];
    expect(await settle(get('/api/doctors'))).toMatchObject({ code: 'request.invalid' });
    expect(calls.length).toBe(2);
  });

  it('sets the clock by server_now, else by the Date header', async () => {
    const ahead = Date.now() + 60_000;
    answers = [
      json(200, { server_now: new Date(ahead).toISOString() }),
      json(200, {}, { Date: new Date(ahead).toUTCString() }),
    ];
    expect((await request('GET', '/api/holds/1')).clockOffsetMs).toBeCloseTo(60_000, -2.5);
    const byHeader = (await request('GET', '/api/waits/1')).clockOffsetMs ?? 0;
    expect(Math.abs(byHeader - 60_000)).toBeLessThan(700);
  });
});

describe('intent', () => {
  it('keeps its key while nobody answered, so that nothing is done twice', async () => {
    const intent = new Intent();
    answers = [new TypeError('down'), new TypeError('down'), new TypeError('down'), json(201, { id: 5 })];
    expect(await settle(intent.post('/api/holds', { a: 1 }))).toMatchObject({ code: 'client.offline' });
    expect(await settle(intent.post('/api/holds', { a: 1 }))).toEqual({ id: 5 });
    expect(new Set(calls.map((_, i) => keyOf(i))).size).toBe(1);
  });

  it('takes a new key for another body and after an answer, be it a refusal', async () => {
    const intent = new Intent();
    answers = [json(409, { code: 'booking.slot_taken' }), json(201, {}), json(201, {}), json(201, {})];
    await settle(intent.post('/api/holds', { a: 1 }));
    await settle(intent.post('/api/holds', { a: 1 }));
    await settle(intent.post('/api/holds', { a: 1 }));
    await settle(intent.post('/api/holds', { a: 2 }));
    expect(new Set(calls.map((_, i) => keyOf(i))).size).toBe(4);
  });

  it('makes keys that are version 4 UUIDs', () => {
    expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
