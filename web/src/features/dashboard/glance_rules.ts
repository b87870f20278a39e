// The doctors of a hospital's day at a glance, from the board of the reception and the free times. Pure.
import type { Board, BoardRow, Slot } from '../../api/types';
import { waitedMinutes } from '../reception/board_rules';

export interface Glance {
  doctor: number;
  name: string;
  /** Somebody is called, or was seen already: the doctor is at work. */
  isIn: boolean;
  lateMinutes: number;
  waiting: number;
  longestMinutes: number;
  expected: number;
  seen: number;
  missed: number;
}

const blank = (doctor: number, name: string): Glance => ({
  doctor,
  name,
  isIn: false,
  lateMinutes: 0,
  waiting: 0,
  longestMinutes: 0,
  expected: 0,
  seen: 0,
  missed: 0,
});

function count(one: Glance, row: BoardRow, now: number) {
  if (row.state === 'called' || row.state === 'fulfilled') one.isIn = true;
  if (row.state === 'arrived') {
    one.waiting += 1;
    one.longestMinutes = Math.max(one.longestMinutes, waitedMinutes(row, now));
  }
  if (row.state === 'booked') one.expected += 1;
  if (row.state === 'fulfilled') one.seen += 1;
  if (row.state === 'noshow') one.missed += 1;
}

/** Every doctor with somebody on the board, and the others of the hospital; who is late or waited for first. */
export function glanceOf(board: Board, others: { id: number; name: string }[], now: number): Glance[] {
  const found = new Map(others.map(({ id, name }) => [id, blank(id, name)]));
  for (const row of board.items) {
    const one = found.get(row.doctor_id) ?? blank(row.doctor_id, row.doctor_name);
    found.set(row.doctor_id, one);
    count(one, row, now);
  }
  for (const delay of board.delays) {
    const one = found.get(delay.doctor_id);
    if (one) one.lateMinutes = delay.minutes;
  }
  const weight = (one: Glance) => one.lateMinutes + one.longestMinutes;
  return [...found.values()].sort(
    (a, b) =>
      weight(b) - weight(a) ||
      b.waiting + b.expected + b.seen - (a.waiting + a.expected + a.seen) ||
      a.name.localeCompare(b.name),
  );
}

export const totalsOf = (all: Glance[]) => ({
  isIn: all.filter((one) => one.isIn).length,
  late: all.filter((one) => one.lateMinutes > 0).length,
  waiting: all.reduce((sum, one) => sum + one.waiting, 0),
  expected: all.reduce((sum, one) => sum + one.expected, 0),
  seen: all.reduce((sum, one) => sum + one.seen, 0),
});

/** Times that may still be booked at the hospital. */
export const freeCount = (slots: Slot[], hospital: number, now: number) =>
  slots.filter((one) => one.status === 'free' && one.hospital_id === hospital && Date.parse(one.starts_at) > now)
    .length;
