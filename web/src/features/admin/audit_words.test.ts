import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../../api/types';
import en from '../../i18n/en_staff.json';
import { deedOf, sentenceOf } from './audit_words';

const words: Record<string, string> = {
  ...en.audit,
  ...Object.fromEntries(Object.entries(en.role).map(([k, v]) => [`role.${k}`, v])),
};
const t = (key: string, values: Record<string, string | number> = {}) => {
  const plural = values.count === undefined ? '' : values.count === 1 ? '_one' : '_other';
  const text = words[`${key.replace('audit.', '')}${plural}`] ?? '';
  return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name]));
};
const record = (of: Partial<AuditRecord>): AuditRecord => ({
  id: '1-1-1',
  at: '2026-01-01T00:00:00.000Z',
  role: 'doctor',
  operation: 'visit_get',
  outcome: 'done',
  times: 1,
  patients: [],
  events: [],
  ...of,
});

describe('the record in words', () => {
  it('tells reading from adding, changing and removing', () => {
    expect(['visit_get', 'user_list', 'hold_create', 'hold_delete', 'visit_note_put'].map(deedOf)).toEqual([
      'read',
      'read',
      'added',
      'removed',
      'changed',
    ]);
  });
  it('says who read about whom', () => {
    expect(sentenceOf(record({ actor: 3, actor_name: 'Asha Rao', patients: [7] }), t)).toBe(
      'Asha Rao (Doctor) read about patient 7',
    );
    expect(sentenceOf(record({ actor: 3, patients: [1, 2, 3, 4, 5] }), t)).toBe(
      '#3 (Doctor) read about patient 1, patient 2, patient 3, 2 more',
    );
  });
  it('says what was refused, and whose account was not opened', () => {
    const refused = { outcome: 'refused' as const, problem: 'request.right_missing' };
    expect(sentenceOf(record({ ...refused, role: 'patient', actor: 9, operation: 'user_list' }), t)).toBe(
      'patient 9 tried to read and was refused',
    );
    expect(sentenceOf(record({ ...refused, role: 'anyone', operation: 'login_create', account: 5 }), t)).toBe(
      'Somebody who is not signed in did not get into account 5',
    );
  });
  it('says what the program did by itself', () => {
    expect(sentenceOf(record({ role: 'system', operation: 'events', events: ['a b'] }), t)).toBe(
      'The program, by itself',
    );
  });
});
