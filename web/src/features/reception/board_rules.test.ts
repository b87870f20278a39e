import { expect, test } from 'vitest';
import type { BoardRow } from '../../api/types';
import { columnsOf, matches, patienceOf, waitedMinutes } from './board_rules';

const row = (id: number, more: Partial<BoardRow> = {}): BoardRow => ({
  appointment_id: id,
  state: 'booked',
  doctor_id: 1,
  doctor_name: 'Dr Rao',
  patient_id: id,
  patient_name: `Patient ${id}`,
  starts_at: `2026-12-01T04:0${id}:00Z`,
  ends_at: '2026-12-01T05:00:00Z',
  ...more,
});

test('those who are here stand in the order in which they are called', () => {
  const sorted = columnsOf([
    row(1, { state: 'arrived', turn: 2 }),
    row(2, { state: 'arrived', turn: 1 }),
    row(3),
    row(4, { state: 'called', called_at: '2026-12-01T04:00:00Z' }),
    row(5, { state: 'called', called_at: '2026-12-01T04:10:00Z' }),
    row(6, { state: 'noshow' }),
  ]);
  expect(sorted.here.map((r) => r.appointment_id)).toEqual([2, 1]);
  expect(sorted.called.map((r) => r.appointment_id)).toEqual([5, 4]);
  expect(sorted.expected.map((r) => r.appointment_id)).toEqual([3]);
  expect(sorted.done.map((r) => r.appointment_id)).toEqual([6]);
});

test('found by a part of the name without its accents, or by the number', () => {
  expect(matches(row(1, { patient_name: 'Zoë Müller' }), 'mull')).toBe(true);
  expect(matches(row(1, { token: 17 }), '17')).toBe(true);
  expect(matches(row(1, { token: 17 }), '7')).toBe(false);
  expect(matches(row(1), '')).toBe(true);
});

test('who comes early does not wait yet', () => {
  const early = row(1, { arrived_at: '2026-12-01T03:00:00Z', starts_at: '2026-12-01T04:00:00Z' });
  expect(waitedMinutes(early, Date.parse('2026-12-01T03:59:00Z'))).toBe(0);
  expect(waitedMinutes(early, Date.parse('2026-12-01T04:21:30Z'))).toBe(21);
  const late = row(1, { arrived_at: '2026-12-01T04:30:00Z', starts_at: '2026-12-01T04:00:00Z' });
  expect(waitedMinutes(late, Date.parse('2026-12-01T04:35:00Z'))).toBe(5);
  expect([0, 19, 20, 44, 45].map(patienceOf)).toEqual(['fine', 'fine', 'long', 'long', 'too_long']);
});
