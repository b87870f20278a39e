import { describe, expect, it } from 'vitest';
import type { Board, BoardRow, Slot } from '../../api/types';
import { freeCount, glanceOf, totalsOf } from './glance_rules';

const at = (time: string) => `2026-01-05T${time}:00Z`;
const now = Date.parse(at('10:00'));
let made = 0;
const row = (doctor: number, state: BoardRow['state'], more: Partial<BoardRow> = {}): BoardRow => ({
  appointment_id: ++made,
  state,
  doctor_id: doctor,
  doctor_name: `Dr ${doctor}`,
  patient_id: 1,
  patient_name: 'P',
  starts_at: at('09:00'),
  ends_at: at('09:15'),
  ...more,
});
const board: Board = {
  hospital_id: 1,
  time_zone: 'UTC',
  on: '2026-01-05',
  items: [
    row(1, 'fulfilled'),
    row(1, 'booked'),
    row(2, 'arrived', { arrived_at: at('09:20') }),
    row(2, 'noshow'),
    row(2, 'called'),
  ],
  delays: [{ doctor_id: 1, hospital_id: 1, minutes: 15 }],
};

describe('doctors at a glance', () => {
  const all = glanceOf(board, [{ id: 3, name: 'Dr Three' }], now);
  it('puts first whom people wait for, last who has nothing to do', () =>
    expect(all.map(({ doctor }) => doctor)).toEqual([2, 1, 3]));
  it('tells who is in, late, waited for', () => {
    expect(all[0]).toMatchObject({ isIn: true, waiting: 1, longestMinutes: 40, missed: 1, lateMinutes: 0 });
    expect(all[1]).toMatchObject({ isIn: true, seen: 1, expected: 1, lateMinutes: 15 });
    expect(all[2]).toMatchObject({ isIn: false, name: 'Dr Three' });
  });
  it('adds up', () => expect(totalsOf(all)).toEqual({ isIn: 2, late: 1, waiting: 1, expected: 1, seen: 1 }));
  it('counts what is free from now on, here', () => {
    const slot = (time: string, hospital: number, status: Slot['status']): Slot => ({
      starts_at: at(time),
      ends_at: at(time),
      hospital_id: hospital,
      status,
    });
    const slots = [
      slot('09:00', 1, 'free'),
      slot('11:00', 1, 'free'),
      slot('11:00', 2, 'free'),
      slot('12:00', 1, 'held'),
    ];
    expect(freeCount(slots, 1, now)).toBe(1);
  });
});
