import { describe, expect, it } from 'vitest';
import type { RecordAccess } from '../../api/types';
import { deedKey, gathered } from './access_rules';

const known = (key: string) => key === 'looked.did_treatment_get';
const look = (at: string, operation: string, more: Partial<RecordAccess> = {}): RecordAccess => ({
  at,
  operation,
  role: 'doctor',
  name: 'Dr Rao',
  ...more,
});

describe('who has looked', () => {
  it.each([
    ['treatment_get', 'looked.did_treatment_get'],
    ['something_list', 'looked.did_read'],
    ['something_create', 'looked.did_write'],
  ])('%s is told as %s', (operation, key) => expect(deedKey(operation, known)).toBe(key));

  it('gathers what was done again within a day, and keeps apart who, what, when and why', () => {
    const lines = gathered(
      [
        look('2026-11-22T10:00:00Z', 'a_get'),
        look('2026-11-22T09:00:00Z', 'b_get'),
        look('2026-11-22T08:00:00Z', 'a_create'),
        look('2026-11-22T08:00:00Z', 'a_get', { purpose: 'emergency' }),
        look('2026-11-22T08:00:00Z', 'a_get', { name: 'Dr Iyer' }),
        look('2026-11-21T10:00:00Z', 'a_get'),
      ],
      (operation) => deedKey(operation, known),
    );
    expect(lines.map(({ one, count }) => [one.at, count])).toEqual([
      ['2026-11-22T10:00:00Z', 2],
      ['2026-11-22T08:00:00Z', 1],
      ['2026-11-22T08:00:00Z', 1],
      ['2026-11-22T08:00:00Z', 1],
      ['2026-11-21T10:00:00Z', 1],
    ]);
  });
});
