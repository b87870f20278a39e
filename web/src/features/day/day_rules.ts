// What a day's list shows and what may be done with a row now. Pure; the server decides in the end.
import type { Appointment, AppointmentStatus, LocalDate } from '../../api/types';
import { dateIn } from '../../app/time';

/** On the list: what was or will be a visit. A hold may still become one; what expired never was one. */
const listed: AppointmentStatus[] = ['pending', 'booked', 'arrived', 'fulfilled', 'noshow'];
export const isListed = (a: Appointment) => listed.includes(a.status);

export type DayAction = 'arrived' | 'fulfilled' | 'noshow';
export function actionsOf(a: Appointment, now: number): DayAction[] {
  const begun = Date.parse(a.starts_at) <= now;
  if (a.status === 'booked') return begun ? ['arrived', 'fulfilled', 'noshow'] : ['arrived'];
  if (a.status === 'arrived') return begun ? ['fulfilled'] : [];
  // Somebody who was given up may yet come.
  return a.status === 'noshow' ? ['arrived'] : [];
}

export const onDay = (items: Appointment[], day: LocalDate) =>
  items
    .filter((a) => dateIn(a.time_zone, a.starts_at) === day)
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at) || a.id - b.id);

export function countsOf(items: Appointment[]) {
  const count = (...statuses: AppointmentStatus[]) => items.filter((a) => statuses.includes(a.status)).length;
  return {
    coming: count('booked'),
    arrived: count('arrived'),
    fulfilled: count('fulfilled'),
    noshow: count('noshow'),
    held: count('pending'),
  };
}

/** Index of the first row that is yet to start: the mark of the present time stands before it. */
export function nowIndex(items: Appointment[], now: number) {
  const index = items.findIndex((a) => Date.parse(a.starts_at) > now);
  return index < 0 ? items.length : index;
}
