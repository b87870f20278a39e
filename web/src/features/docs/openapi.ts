// The parts of an OpenAPI 3.1 document that the reference shows. Pure.
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  default?: unknown;
  description?: string;
  allOf?: Schema[];
}
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Media {
  content?: Record<string, { schema?: Schema }>;
}
export interface OperationBody {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: Parameter[];
  requestBody?: Media;
  responses: Record<string, Media & { description: string }>;
  security?: object[];
  'x-rights'?: Record<string, string>;
}
export interface Document {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, OperationBody>>;
  components: { schemas: Record<string, Schema> };
}
export interface Operation extends OperationBody {
  method: string;
  path: string;
}

export const operationsOf = (document: Document): Operation[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, body]) => ({ ...body, method: method.toUpperCase(), path })),
  );

export function grouped(operations: Operation[]) {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const tag = operation.tags[0] ?? '';
    groups.set(tag, [...(groups.get(tag) ?? []), operation]);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

/** Every word must occur in the operation's id, path, summary or problems. */
export function matches(operation: Operation, words: string) {
  const text = [operation.operationId, operation.method, operation.path, operation.summary, ...codesOf(operation)]
    .join(' ')
    .toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export const refName = (schema?: Schema) => schema?.$ref?.split('/').pop();
export function resolve(document: Document, schema: Schema | undefined): Schema | undefined {
  const name = refName(schema);
  return name ? document.components.schemas[name] : schema;
}

/** "date-time", "Money", "list of Slot", "1 … 30". */
export function typeText(document: Document, schema: Schema | undefined): string {
  if (!schema) return '';
  const resolved = resolve(document, schema);
  if (resolved?.enum) return resolved.enum.join(' | ');
  const name = refName(schema);
  if (name) return name;
  if (schema.type === 'array') return `[${typeText(document, schema.items)}]`;
  const kind = schema.format ?? schema.type ?? 'object';
  const least = schema.minimum ?? schema.minLength;
  const most = schema.maximum ?? schema.maxLength;
  const range = most !== undefined ? ` ${least ?? 0} … ${most}` : '';
  return kind + range;
}

export const bodySchema = (media: Media | undefined) => Object.values(media?.content ?? {})[0]?.schema;

export function codesOf(operation: OperationBody): string[] {
  const codes = new Set<string>();
  for (const [status, response] of Object.entries(operation.responses)) {
    if (status < '400') continue;
    const schema = bodySchema(response);
    for (const part of schema?.allOf ?? []) for (const code of part.properties?.code?.enum ?? []) codes.add(code);
  }
  return [...codes];
}

const samples: Record<string, unknown> = { 'date-time': '2026-12-01T03:30:00Z', date: '2026-12-01' };
/** A small example of a request: required members and no others. */
export function sampleOf(document: Document, schema: Schema | undefined, depth = 0): unknown {
  const resolved = resolve(document, schema);
  if (!resolved || depth > 4) return undefined;
  if (resolved.default !== undefined) return resolved.default;
  if (resolved.enum) return resolved.enum[0];
  if (resolved.format && samples[resolved.format] !== undefined) return samples[resolved.format];
  if (resolved.type === 'array') return [sampleOf(document, resolved.items, depth + 1)];
  if (resolved.type === 'integer' || resolved.type === 'number') return resolved.minimum ?? 1;
  if (resolved.type === 'boolean') return true;
  if (resolved.properties) {
    const required = resolved.required ?? [];
    const names = required.length > 0 ? required : Object.keys(resolved.properties).slice(0, 1);
    return Object.fromEntries(names.map((name) => [name, sampleOf(document, resolved.properties?.[name], depth + 1)]));
  }
  return 'text';
}

export function curlOf(document: Document, operation: Operation, origin: string) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
  const required = (operation.parameters ?? []).filter((p) => p.required && p.in === 'query');
  const query = required.map((p) => `${p.name}=${sampleOf(document, p.schema)}`).join('&');
  const lines = [`curl "${origin}${path}${query ? `?${query}` : ''}"`];
  if (operation.method !== 'GET') lines[0] = `curl -X ${operation.method} "${origin}${path}"`;
  if (operation.security?.length) lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const header of (operation.parameters ?? []).filter((p) => p.in === 'header')) {
    if (header.name === 'Idempotency-Key') lines.push('-H "Idempotency-Key: $KEY"');
    if (header.name === 'If-Match') lines.push('-H "If-Match: $ETAG"');
  }
  const body = bodySchema(operation.requestBody);
  if (body) {
    lines.push('-H "Content-Type: application/json"');
    lines.push(`-d '${JSON.stringify(sampleOf(document, body))}'`);
  }
  return lines.join(' \\\n  ');
}
