// @vitest-environment node
// The stand-in answers as the API's document says: what is required is there, and of the right kind.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Schema {
  $ref?: string;
  type?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: string[];
}
const document = JSON.parse(readFileSync('../openapi/api.json', 'utf8'));
let mock: ChildProcess;
let base = '';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  mock = spawn('node', ['dev/mock.mjs'], { env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 2] });
  await new Promise((resolve) => mock.stdout?.once('data', resolve));
});
afterAll(() => {
  mock.kill();
});

const kinds: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** What of the value is not as the schema says. */
function faults(schema: Schema, value: unknown, at: string): string[] {
  if (schema.$ref) return faults(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''], value, at);
  const isOfKind = kinds[schema.type ?? '']?.(value) ?? true;
  if (!isOfKind || (schema.enum && !schema.enum.includes(String(value)))) return [`${at}: ${JSON.stringify(value)}`];
  if (Array.isArray(value))
    return value.flatMap((one, i) => (schema.items ? faults(schema.items, one, `${at}/${i}`) : []));
  if (!schema.properties) return [];
  const members = value as Record<string, unknown>;
  const missing = (schema.required ?? [])
    .filter((name) => !(name in members))
    .map((name) => `${at}/${name} is missing`);
  const known = Object.entries(schema.properties).filter(([name]) => name in members);
  return [...missing, ...known.flatMap(([name, part]) => faults(part, members[name], `${at}/${name}`))];
}

async function tokenOf(login: string) {
  const body = JSON.stringify({ login, password: 'fairward-demo' });
  const reply = await fetch(`${base}/api/auth/login`, { method: 'POST', body });
  return (await reply.json()).access_token as string;
}

const asked: [string, string, string?][] = [
  ['patient@example.org', '/api/me/notifications'],
  ['patient@example.org', '/api/me/notification-preferences'],
  ['patient@example.org', '/api/me/family'],
  ['patient@example.org', '/api/me/sessions'],
  ['patient@example.org', '/api/me/second-factor'],
  ['patient@example.org', '/api/me/record-accesses'],
  ['patient@example.org', '/api/patients/{id}/summary', '41'],
  ['patient@example.org', '/api/patients/{id}/timeline', '41'],
  ['patient@example.org', '/api/patients/{id}/documents', '41'],
  ['doctor', '/api/doctor/profile'],
  ['doctor', '/api/doctor/patients'],
  ['doctor', '/api/doctor/referrals'],
  ['doctor', '/api/doctors/{id}/schedule', '1'],
  ['front.desk', '/api/reception/board'],
  ['front.desk', '/api/follow-ups'],
  ['front.desk', '/api/hospitals/{id}/display', '1'],
  ['front.desk', '/api/patients/{id}/registration', '41'],
  ['front.desk', '/api/patients/{id}/duplicates', '41'],
  ['hospital', '/api/admin/stats'],
  ['hospital', '/api/admin/doctors'],
  ['hospital', '/api/users'],
  ['hospital', '/api/users/invitations'],
  ['hospital', '/api/emergency-accesses'],
  ['hospital', '/api/notifications/deliveries'],
  ['hospital', '/api/notifications/hospitals/{id}', '1'],
  ['hospital', '/api/webhooks'],
  ['hospital', '/api/exports'],
  ['admin', '/api/errors'],
  ['admin', '/api/audit/records'],
  ['admin', '/api/errors/counts'],
  ['admin', '/api/departments'],
];

describe('the stand-in for the server', () => {
  it('sees what is not as the document says', () => {
    const schema: Schema = { type: 'object', required: ['a', 'b'], properties: { a: { type: 'integer' } } };
    expect(faults(schema, { a: 'x' }, '')).toEqual(['/b is missing', '/a: "x"']);
  });

  it.each(asked)('%s asks for %s', async (login, path, id = '') => {
    const reply = await fetch(base + path.replace('{id}', id), {
      headers: { Authorization: `Bearer ${await tokenOf(login)}` },
    });
    expect(reply.status).toBe(200);
    const schema = document.paths[path].get.responses['200'].content['application/json'].schema;
    expect(faults(schema, await reply.json(), path)).toEqual([]);
  });
});
