import { expect, it } from 'vitest';
import type { Appointment } from '../../api/types';
import { calendarFile } from './calendar_file';

const appointment = {
  id: 7,
  starts_at: '2026-12-01T03:30:00Z',
  ends_at: '2026-12-01T03:50:00Z',
  hospital_name: `Lakeview, ${'x'.repeat(90)}`,
  version: 2,
} as Appointment;

it('writes instants in UTC, escapes commas and folds long lines', () => {
  const file = calendarFile(appointment, 'Visit; Dr Rao', 0);
  expect(file).toContain('DTSTART:20261201T033000Z\r\n');
  expect(file).toContain('SUMMARY:Visit\\; Dr Rao\r\n');
  expect(file).toContain('LOCATION:Lakeview\\, ');
  expect(Math.max(...file.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(75);
  expect(file.replaceAll('\r\n ', '')).toContain('x'.repeat(90));
});
