import { describe, expect, it } from 'vitest';
import type { Appointment } from '../../api/types';
import { actionsOf, countsOf, isListed, nowIndex, onDay } from './day_rules';

const visit = (starts_at: string, status: Appointment['status'] = 'booked', time_zone = 'Asia/Kolkata') =>
  ({ id: Date.parse(starts_at), starts_at, status, time_zone }) as Appointment;
const noon = Date.parse('2026-12-01T12:00:00Z');

describe('a day', () => {
  it.each([
    ['booked', '2026-12-01T13:00:00Z', ['arrived']],
    ['booked', '2026-12-01T12:00:00Z', ['arrived', 'fulfilled', 'noshow']],
    ['arrived', '2026-12-01T13:00:00Z', []],
    ['arrived', '2026-12-01T11:00:00Z', ['fulfilled']],
    ['fulfilled', '2026-12-01T11:00:00Z', []],
    ['noshow', '2026-12-01T11:00:00Z', ['arrived']],
    ['pending', '2026-12-01T11:00:00Z', []],
    ['cancelled', '2026-12-01T11:00:00Z', []],
  ] as const)('offers for %s at %s: %j', (status, at, expected) =>
    expect(actionsOf(visit(at, status), noon)).toEqual(expected),
  );

  it('is the day of the clinic, not of UTC', () => {
    const early = visit('2026-11-30T19:00:00Z'); // half past midnight of 1 December in Kolkata
    const late = visit('2026-12-01T19:00:00Z');
    expect(onDay([late, early], '2026-12-01')).toEqual([early]);
  });

  it('counts by status and leaves out what never was a visit', () => {
    const all = [visit('2026-12-01T10:00:00Z', 'arrived'), visit('2026-12-01T11:00:00Z', 'expired')];
    expect(all.filter(isListed)).toHaveLength(1);
    expect(countsOf(all)).toEqual({ coming: 0, arrived: 1, fulfilled: 0, noshow: 0, held: 0 });
  });

  it('puts the present before what is yet to start', () => {
    const items = [visit('2026-12-01T10:00:00Z'), visit('2026-12-01T14:00:00Z')];
    expect(nowIndex(items, noon)).toBe(1);
    expect(nowIndex(items, Date.parse('2026-12-01T23:00:00Z'))).toBe(2);
  });
});
