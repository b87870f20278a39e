// The one way the UI talks to the server: cookies for the session, X-CSRF-Token on unsafe methods, an Idempotency-Key
// per intent, problem+json as Problem, a time limit on every request and retries of what is safe to repeat.
import type { ProblemBody } from './types';

/** Everything that can go wrong with a request, the network included, in the form of RFC 9457. */
export class Problem extends Error {
  constructor(
    readonly body: ProblemBody,
    readonly retryAfterMs?: number,
  ) {
    super(body.title);
    this.name = 'Problem';
  }
  get code() {
    return this.body.code;
  }
  get status() {
    return this.body.status;
  }
  /** True if the server never answered: the request may or may not have been done. */
  get unanswered() {
    return this.body.status === 0;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export interface RequestOptions {
  body?: unknown;
  query?: Record<string, string | number | boolean | undefined | null>;
  idempotencyKey?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}
export interface Reply<T> {
  status: number;
  data: T;
  etag?: string;
  /** The server's clock minus ours, from the moment in the middle of the exchange. */
  clockOffsetMs?: number;
}

const timeoutMsDefault = 15_000;
const attemptsMax = 3;
const retriedStatuses = new Set([0, 429, 502, 503, 504]);
const retryAfterMsMax = 10_000;

let csrfToken: string | undefined;
export function csrfTokenSet(token: string | undefined) {
  csrfToken = token;
}
function csrfTokenRead() {
  const cookie = document.cookie.split('; ').find((c) => c.startsWith('fw_csrf='));
  return cookie ? decodeURIComponent(cookie.slice('fw_csrf='.length)) : csrfToken;
}

export function urlWith(path: string, query: RequestOptions['query'] = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

function headersOf(method: Method, options: RequestOptions) {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  if (options.ifMatch) headers['If-Match'] = options.ifMatch;
  if (options.ifNoneMatch) headers['If-None-Match'] = options.ifNoneMatch;
  // Lets a gateway send all calls about a doctor to one node without reading bodies.
  const doctor = (options.body as { doctor_id?: unknown } | undefined)?.doctor_id;
  if (typeof doctor === 'number') headers['X-Doctor'] = String(doctor);
  const token = method === 'GET' ? undefined : csrfTokenRead();
  if (token) headers['X-CSRF-Token'] = token;
  return headers;
}

export async function problemOf(response: Response): Promise<Problem> {
  const seconds = Number(response.headers.get('Retry-After'));
  const body = await response.json().catch(() => undefined);
  return new Problem(
    {
      title: body?.title ?? `HTTP ${response.status}`,
      ...body,
      code: body?.code ?? `http.${response.status}`,
      status: response.status,
    },
    seconds > 0 ? seconds * 1000 : undefined,
  );
}

/** For a request that is sent by other means than `request`. */
export function csrfHeaders(): Record<string, string> {
  const token = csrfTokenRead();
  return token ? { 'X-CSRF-Token': token } : {};
}

async function attempt<T>(method: Method, path: string, options: RequestOptions): Promise<Reply<T>> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? timeoutMsDefault);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const sentAt = Date.now();
  let response: Response;
  try {
    response = await fetch(urlWith(path, options.query), {
      method,
      signal,
      credentials: 'same-origin',
      headers: headersOf(method, options),
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const code = limit.aborted ? 'client.timeout' : 'client.offline';
    throw new Problem({ title: code, status: 0, code });
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  const data =
    response.status === 204 || response.status === 304 ? undefined : await response.json().catch(() => undefined);
  const clockOffsetMs = clockOffset(data?.server_now, response.headers.get('Date'), sentAt);
  return {
    status: response.status,
    data: data as T,
    etag: response.headers.get('ETag') ?? undefined,
    clockOffsetMs,
  };
}

// The Date header counts whole seconds: on average it is half a second old.
function clockOffset(serverNow: string | undefined, date: string | null, sentAt: number) {
  const told = serverNow ? Date.parse(serverNow) : Date.parse(date ?? '') + 500;
  return Number.isNaN(told) ? undefined : told - (sentAt + Date.now()) / 2;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a request; repeats it only if repeating cannot do anything twice: reads, and writes that carry a key. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
  const repeatable = method === 'GET' || method === 'DELETE' || options.idempotencyKey !== undefined;
  for (let count = 1; ; count++) {
    try {
      return await attempt<T>(method, path, options);
    } catch (error) {
      const again = error instanceof Problem && repeatable && retriedStatuses.has(error.status) && count < attemptsMax;
      if (!again || error.code === 'client.timeout' || navigator.onLine === false) throw error;
      const waitMs = error.retryAfterMs ?? 300 * 3 ** (count - 1);
      if (waitMs > retryAfterMsMax) throw error;
      await pause(waitMs * (0.75 + Math.random() / 2));
    }
  }
}

export const get = async <T>(path: string, query?: RequestOptions['query'], signal?: AbortSignal) =>
  (await request<T>('GET', path, { query, signal })).data;

const pagesMax = 40;
/** Every item of a list that comes in pages; for lists that are bounded by their question, such as one day. */
export async function getAll<T>(path: string, query: RequestOptions['query'] = {}, signal?: AbortSignal) {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < pagesMax; count++) {
    const page = await get<{ items: T[]; next?: string }>(path, { ...query, cursor }, signal);
    items.push(...page.items);
    if (!page.next) break;
    cursor = page.next;
  }
  return items;
}

/**
 * Keeps one key for one intent: the same body sent again after no answer bears the same key, so that nothing happens
 * twice; once the server has answered, the next press is a new intent.
 */
export class Intent {
  private key?: string;
  private fingerprint?: string;
  post<T>(path: string, body: unknown): Promise<T> {
    return this.send('POST', path, body);
  }
  async send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T> {
    const fingerprint = `${method} ${path} ${JSON.stringify(body)}`;
    if (!this.key || this.fingerprint !== fingerprint) {
      this.key = uuid();
      this.fingerprint = fingerprint;
    }
    try {
      const reply = await request<T>(method, path, { body, idempotencyKey: this.key });
      this.key = undefined;
      return reply.data;
    } catch (error) {
      if (!(error instanceof Problem) || (error.status > 0 && error.status < 500)) this.key = undefined;
      throw error;
    }
  }
}

// crypto.randomUUID exists on secure origins only; an installation inside a hospital may be plain HTTP.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
