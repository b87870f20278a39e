import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf, curlOf, type Document, grouped, matches, operationsOf, sampleOf, typeText } from './openapi';

const document = JSON.parse(readFileSync('../openapi/api.json', 'utf8')) as Document;
const operations = operationsOf(document);
const find = (id: string) => {
  const found = operations.find((o) => o.operationId === id);
  if (!found) throw new Error(id);
  return found;
};

describe('the API reference', () => {
  it('has every operation once, in groups', () => {
    expect(operations.length).toBeGreaterThan(50);
    expect(new Set(operations.map((o) => o.operationId)).size).toBe(operations.length);
    expect(grouped(operations).flatMap(([, list]) => list)).toHaveLength(operations.length);
  });

  it('is searched by words of id, path, summary and problem code', () => {
    expect(operations.filter((o) => matches(o, 'booking.slot_taken')).map((o) => o.operationId)).toContain(
      'hold_create',
    );
    expect(matches(find('hold_create'), 'POST holds')).toBe(true);
    expect(matches(find('hold_create'), 'POST waits')).toBe(false);
  });

  it('names types as people read them', () => {
    expect(typeText(document, { $ref: '#/components/schemas/Money' })).toBe('Money');
    expect(typeText(document, { type: 'array', items: { type: 'string' } })).toBe('[string]');
    expect(typeText(document, { type: 'integer', minimum: 1, maximum: 30 })).toBe('integer 1 … 30');
    expect(typeText(document, { $ref: '#/components/schemas/SlotState' })).toBe('free | held | booked');
  });

  it('writes commands that carry what the operation needs', () => {
    const command = curlOf(document, find('hold_create'), 'http://localhost:8080');
    expect(command).toContain('-X POST "http://localhost:8080/api/holds"');
    expect(command).toContain('Idempotency-Key');
    expect(command).toContain('Bearer $TOKEN');
    expect(command).toContain('"starts_at":"2026-12-01T03:30:00Z"');
    expect(curlOf(document, find('doctor_update'), '')).toContain('If-Match: $ETAG');
    expect(curlOf(document, find('doctor_view'), '')).toContain('/api/doctors/$ID');
    expect(codesOf(find('hold_create'))).toContain('booking.queue_first');
  });

  it('makes a sample of every request', () => {
    for (const operation of operations.filter((o) => o.requestBody))
      expect(sampleOf(document, Object.values(operation.requestBody?.content ?? {})[0]?.schema)).toBeDefined();
  });
});
