// Weekly shifts as they are edited, what is wrong with them, and whom a change would hit. Pure; times are wall times
// "HH:MM" of the hospital.
import type { Appointment, ExceptionCreate, LocalDate, Schedule, Shift, ShiftInput } from '../../api/types';
import { dateIn, minuteIn, weekdayOf } from '../../app/time';

/** `key` names a row for the page; the server's ids are made anew with every write. */
export interface DraftShift {
  key: string;
  hospital_id: number;
  weekdays: number[];
  starts: string;
  ends: string;
  slot_minutes: number;
  valid_from?: LocalDate;
  valid_to?: LocalDate;
}
export interface DraftSchedule {
  minimum_notice_minutes: number;
  max_booking_days: number;
  shifts: DraftShift[];
}

let made = 0;
export const newKey = () => `shift-${++made}`;

export const draftOf = (schedule: Schedule): DraftSchedule => ({
  minimum_notice_minutes: schedule.minimum_notice_minutes,
  max_booking_days: schedule.max_booking_days,
  shifts: schedule.shifts.map((s) => ({
    key: newKey(),
    hospital_id: s.hospital_id,
    weekdays: [...s.weekdays].sort(),
    starts: s.starts.slice(0, 5),
    ends: s.ends.slice(0, 5),
    slot_minutes: s.slot_minutes,
    valid_from: s.valid_from,
    valid_to: s.valid_to,
  })),
});

const shiftBody = ({ key: _, ...shift }: DraftShift): ShiftInput => ({
  ...shift,
  valid_from: shift.valid_from || undefined,
  valid_to: shift.valid_to || undefined,
});
export const bodyOf = (draft: DraftSchedule) => ({
  minimum_notice_minutes: draft.minimum_notice_minutes,
  max_booking_days: draft.max_booking_days,
  shifts: draft.shifts.map(shiftBody),
});
export const isSame = (a: DraftSchedule, b: DraftSchedule) => JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

export const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

export type ShiftFault = 'weekdays' | 'order' | 'slot' | 'five' | 'validity' | 'overlap';
type Span = Pick<Shift | DraftShift, 'weekdays' | 'starts' | 'ends' | 'valid_from' | 'valid_to'>;

export function overlaps(a: Span, b: Span) {
  const together = a.weekdays.some((day) => b.weekdays.includes(day));
  const inTime = minuteOf(a.starts) < minuteOf(b.ends) && minuteOf(b.starts) < minuteOf(a.ends);
  const after = (x?: string, y?: string) => x !== undefined && y !== undefined && x > y;
  const inDates = !after(a.valid_from, b.valid_to) && !after(b.valid_from, a.valid_to);
  return together && inTime && inDates;
}

export function faultsOf(shift: DraftShift, others: DraftShift[]): ShiftFault[] {
  const faults: ShiftFault[] = [];
  const length = minuteOf(shift.ends) - minuteOf(shift.starts);
  if (shift.weekdays.length === 0) faults.push('weekdays');
  if (!shift.starts || !shift.ends || length <= 0) faults.push('order');
  else if (shift.slot_minutes > length) faults.push('slot');
  if (minuteOf(shift.starts) % 5 || minuteOf(shift.ends) % 5 || shift.slot_minutes % 5) faults.push('five');
  if (shift.valid_from && shift.valid_to && shift.valid_to < shift.valid_from) faults.push('validity');
  if (others.some((o) => o.key !== shift.key && overlaps(shift, o))) faults.push('overlap');
  return faults;
}

export const slotsAWeek = (shifts: DraftShift[]) =>
  shifts.reduce((sum, s) => {
    const each = Math.floor((minuteOf(s.ends) - minuteOf(s.starts)) / s.slot_minutes);
    return sum + (each > 0 ? each * s.weekdays.length : 0);
  }, 0);

const covers = (shift: Pick<DraftShift, 'hospital_id'> & Span, a: Appointment) => {
  const day = dateIn(a.time_zone, a.starts_at);
  const from = minuteIn(a.time_zone, a.starts_at);
  const until = from + (Date.parse(a.ends_at) - Date.parse(a.starts_at)) / 60_000;
  return (
    shift.hospital_id === a.hospital_id &&
    shift.weekdays.includes(weekdayOf(day)) &&
    minuteOf(shift.starts) <= from &&
    until <= minuteOf(shift.ends) &&
    (!shift.valid_from || day >= shift.valid_from) &&
    (!shift.valid_to || day <= shift.valid_to)
  );
};
const isComing = (a: Appointment) => a.status === 'booked' || a.status === 'pending' || a.status === 'arrived';

/** Booked visits that the hours of before covered and the new ones do not. They stay booked; somebody must call. */
export const hitByShifts = (items: Appointment[], before: DraftShift[], after: DraftShift[]) =>
  items.filter((a) => isComing(a) && before.some((s) => covers(s, a)) && !after.some((s) => covers(s, a)));

/** Booked visits within a leave or holiday. */
export function hitByLeave(items: Appointment[], leave: ExceptionCreate) {
  if (leave.kind === 'extra') return [];
  return items.filter((a) => {
    if (!isComing(a) || dateIn(a.time_zone, a.starts_at) !== leave.on) return false;
    if (leave.hospital_id && leave.hospital_id !== a.hospital_id) return false;
    if (!leave.starts || !leave.ends) return true;
    const from = minuteIn(a.time_zone, a.starts_at);
    const until = from + (Date.parse(a.ends_at) - Date.parse(a.starts_at)) / 60_000;
    return from < minuteOf(leave.ends) && until > minuteOf(leave.starts);
  });
}
