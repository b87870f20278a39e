import { addDays, dateText } from '../../app/time';
import type { DraftShift } from './schedule_rules';

/** The names of weekdays by a week that began on Monday, 5 January 1970. */
export const weekdayName = (weekday: number, locale: string, style: 'short' | 'long' = 'short') =>
  dateText(addDays('1970-01-04', weekday), locale, { weekday: style });

/** "Mon, Tue, Wed" or "Mon – Fri" for days in a row. */
export function weekdaysText(weekdays: number[], locale: string) {
  const days = [...weekdays].sort();
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return '–';
  if (days.length > 2 && last - first === days.length - 1)
    return `${weekdayName(first, locale)} – ${weekdayName(last, locale)}`;
  return days.map((d) => weekdayName(d, locale)).join(', ');
}

export const shiftText = (shift: DraftShift, locale: string) =>
  `${weekdaysText(shift.weekdays, locale)} ${shift.starts}–${shift.ends} · ${shift.slot_minutes}′`;
