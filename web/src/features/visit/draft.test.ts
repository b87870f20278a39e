import { expect, test } from 'vitest';
import { bmiOf, bodyOf, draftOf, vitalRead } from './draft';

test('what was read is written again as it was', () => {
  const note = {
    number: 0,
    complaint: 'Cough',
    history: 'since Monday',
    vitals: { pulse: 88, temperature_c: 38.2 },
    diagnoses: [{ code: 'J06.9', words: 'Cold', kind: 'primary' as const }],
    follow_up: { on: '2026-12-01' },
  };
  expect(bodyOf(draftOf(note))).toEqual({
    complaint: 'Cough',
    history: 'since Monday',
    vitals: { pulse: 88, temperature_c: 38.2 },
    diagnoses: [{ code: 'J06.9', words: 'Cold', kind: 'primary' }],
    follow_up: { on: '2026-12-01' },
  });
  expect(bodyOf(draftOf(undefined))).toEqual({ history: undefined });
});

test('numbers as people type them', () => {
  expect(vitalRead('38,2')).toBe(38.2);
  expect(vitalRead(' ')).toBeUndefined();
  expect(vitalRead('high')).toBeUndefined();
  const draft = draftOf(undefined);
  draft.vitals.weight_kg = '70';
  draft.vitals.height_cm = '175';
  expect(bmiOf(draft)).toBe('22.9');
});
