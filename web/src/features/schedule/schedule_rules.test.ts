import { describe, expect, it } from 'vitest';
import type { Appointment, Schedule } from '../../api/types';
import {
  bodyOf,
  type DraftShift,
  draftOf,
  faultsOf,
  hitByLeave,
  hitByShifts,
  isSame,
  overlaps,
  slotsAWeek,
} from './schedule_rules';

const shift = (change: Partial<DraftShift> = {}): DraftShift => ({
  key: 'a',
  hospital_id: 1,
  weekdays: [2],
  starts: '09:00',
  ends: '12:00',
  slot_minutes: 10,
  ...change,
});
const schedule = {
  doctor_id: 1,
  minimum_notice_minutes: 0,
  max_booking_days: 60,
  shifts: [{ id: 4, hospital_id: 1, weekdays: [2, 1], starts: '09:00', ends: '12:00', slot_minutes: 10 }],
  exceptions: [],
  version: 1,
} as Schedule;
// Tuesday, 1 December 2026, 10:00 in Kolkata.
const visit = (change: Partial<Appointment> = {}) =>
  ({
    status: 'booked',
    hospital_id: 1,
    time_zone: 'Asia/Kolkata',
    starts_at: '2026-12-01T04:30:00Z',
    ends_at: '2026-12-01T04:40:00Z',
    ...change,
  }) as Appointment;

describe('shifts', () => {
  it.each([
    [{}, []],
    [{ weekdays: [] }, ['weekdays']],
    [{ ends: '09:00' }, ['order']],
    [{ ends: '09:05' }, ['slot']],
    [{ starts: '09:02' }, ['five']],
    [{ valid_from: '2026-12-02', valid_to: '2026-12-01' }, ['validity']],
    [{ starts: '11:50', ends: '14:00' }, []],
  ] as const)('%j has faults %j', (change, expected) =>
    expect(faultsOf(shift(change as Partial<DraftShift>), [])).toEqual(expected),
  );

  it('may not overlap on the same weekday, in the same dates', () => {
    const other = shift({ key: 'b', starts: '11:00', ends: '13:00' });
    expect(faultsOf(shift(), [shift(), other])).toEqual(['overlap']);
    expect(overlaps(shift(), { ...other, weekdays: [3] })).toBe(false);
    expect(overlaps(shift(), { ...other, starts: '12:00' })).toBe(false);
    expect(overlaps(shift({ valid_to: '2026-12-01' }), { ...other, valid_from: '2026-12-02' })).toBe(false);
  });

  it('are counted and written without what only the page needs', () => {
    expect(slotsAWeek([shift(), shift({ weekdays: [1, 3], slot_minutes: 30 })])).toBe(18 + 12);
    const draft = draftOf(schedule);
    expect(bodyOf(draft).shifts[0]).toEqual({
      hospital_id: 1,
      weekdays: [1, 2],
      starts: '09:00',
      ends: '12:00',
      slot_minutes: 10,
      valid_from: undefined,
      valid_to: undefined,
    });
    expect(isSame(draft, draftOf(schedule))).toBe(true);
    expect(isSame(draft, { ...draft, max_booking_days: 61 })).toBe(false);
  });
});

describe('whom a change hits', () => {
  it('is who was booked within hours that go', () => {
    const late = visit({ starts_at: '2026-12-01T06:25:00Z', ends_at: '2026-12-01T06:35:00Z' });
    expect(hitByShifts([visit()], [shift()], [shift()])).toEqual([]);
    expect(hitByShifts([visit()], [shift()], [shift({ starts: '11:00' })])).toHaveLength(1);
    expect(hitByShifts([visit()], [shift()], [shift({ hospital_id: 2 })])).toHaveLength(1);
    expect(hitByShifts([visit({ status: 'cancelled' })], [shift()], [])).toEqual([]);
    // Who was booked outside the old hours is not hit by the new ones.
    expect(hitByShifts([late], [shift()], [])).toEqual([]);
  });

  it.each([
    [{ kind: 'leave', on: '2026-12-01' }, 1],
    [{ kind: 'holiday', on: '2026-12-02' }, 0],
    [{ kind: 'leave', on: '2026-12-01', starts: '10:05', ends: '11:00' }, 1],
    [{ kind: 'leave', on: '2026-12-01', starts: '10:10', ends: '11:00' }, 0],
    [{ kind: 'leave', on: '2026-12-01', hospital_id: 2 }, 0],
    [{ kind: 'extra', on: '2026-12-01' }, 0],
  ] as const)('%j hits %d', (leave, count) => expect(hitByLeave([visit()], leave)).toHaveLength(count));
});
