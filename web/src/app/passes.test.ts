import { beforeEach, describe, expect, it } from 'vitest';
import type { Appointment, Hospital } from '../api/types';
import { passesForget, passesKeep, passesRead, passFind, passPlace } from './passes';

const now = Date.parse('2026-12-01T00:00:00Z');
const visit = (id: number, change: Partial<Appointment> = {}) =>
  ({
    id,
    status: 'booked',
    starts_at: '2026-12-01T04:30:00Z',
    ends_at: '2026-12-01T04:40:00Z',
    ...change,
  }) as Appointment;

describe('passes', () => {
  beforeEach(() => localStorage.clear());

  it('keeps what the server said is booked, and nothing else', () => {
    passesKeep([visit(1), visit(2, { status: 'pending' }), visit(3, { status: 'expired' })], now);
    expect(passesRead(now).map((p) => p.appointment.id)).toEqual([1]);
    expect(passesRead(now)[0]?.saved_at).toBe('2026-12-01T00:00:00.000Z');
  });

  it('forgets what was cancelled, what is long over, and all of it at the end', () => {
    passesKeep([visit(1), visit(2)], now);
    passesKeep([visit(1, { status: 'cancelled' })], now);
    expect(passesRead(now).map((p) => p.appointment.id)).toEqual([2]);
    expect(passesRead(now + 3 * 86_400_000)).toEqual([]);
    passesForget();
    expect(passesRead(now)).toEqual([]);
    expect(passFind(2)).toBeUndefined();
  });

  it('keeps where to go, through later looks', () => {
    passesKeep([visit(1)]);
    localStorage.setItem('fairward.passes', localStorage.getItem('fairward.passes')?.replaceAll('2026', '2099') ?? '');
    passPlace(1, { id: 3, name: 'Hill Clinic', address: 'Mall Road' } as Hospital);
    passPlace(2, { id: 4 } as Hospital);
    expect(passFind(1)?.hospital?.address).toBe('Mall Road');
    passesKeep([visit(1, { starts_at: '2099-12-01T04:30:00Z', ends_at: '2099-12-01T04:40:00Z' })]);
    expect(passFind(1)?.hospital?.address).toBe('Mall Road');
    expect(passesRead()).toHaveLength(1);
  });

  it('reads nothing out of what it cannot read', () => {
    localStorage.setItem('fairward.passes', '{');
    expect(passesRead(now)).toEqual([]);
  });
});
