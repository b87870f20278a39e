import { describe, expect, it } from 'vitest';
import { shiftText, weekdayName, weekdaysText } from './shift_text';

describe('shifts in words', () => {
  it.each([
    [[1, 2, 3, 4, 5, 6, 7], 'Mon – Sun'],
    [[2, 1, 3], 'Mon – Wed'],
    [[1, 2], 'Mon, Tue'],
    [[1, 3, 7], 'Mon, Wed, Sun'],
    [[], '–'],
  ])('%j is %s', (days, expected) => expect(weekdaysText(days, 'en-IN')).toBe(expected));

  it('names days in the language', () => {
    expect(weekdayName(7, 'en-IN', 'long')).toBe('Sunday');
    expect(weekdayName(6, 'hi-IN', 'long')).toBe('शनिवार');
    expect(
      shiftText({ key: '', hospital_id: 1, weekdays: [1], starts: '09:00', ends: '12:00', slot_minutes: 10 }, 'en-IN'),
    ).toBe('Mon 09:00–12:00 · 10′');
  });
});
