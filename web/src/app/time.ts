// Instants are shown in the clinic's zone, never in the browser's; dates are plain "YYYY-MM-DD" strings of that zone.
import type { Instant, LocalDate, Money } from '../api/types';

const formats = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

const dayMs = 86_400_000;
const utcOf = (date: LocalDate) => Date.parse(`${date}T00:00:00Z`);

export function dateIn(zone: string, instant: Instant | number): LocalDate {
  const parts = format('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(new Date(instant));
}
export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(utcOf(date) + days * dayMs).toISOString().slice(0, 10);
export const daysBetween = (from: LocalDate, to: LocalDate) => Math.round((utcOf(to) - utcOf(from)) / dayMs);
/** Monday is 1, Sunday is 7. */
export const weekdayOf = (date: LocalDate) => ((new Date(utcOf(date)).getUTCDay() + 6) % 7) + 1;
export const mondayOf = (date: LocalDate) => addDays(date, 1 - weekdayOf(date));

export function hourIn(zone: string, instant: Instant) {
  return Number(format('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(new Date(instant)));
}
/** Minutes since midnight on the wall of the zone. */
export function minuteIn(zone: string, instant: Instant) {
  const parts = format('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const [hour = 0, minute = 0] = parts.format(new Date(instant)).split(':').map(Number);
  return hour * 60 + minute;
}
export type DayPart = 'morning' | 'afternoon' | 'evening';
export function dayPartOf(zone: string, instant: Instant): DayPart {
  const hour = hourIn(zone, instant);
  return hour < 12 ? 'morning' : hour < 17 ? 'afternoon' : 'evening';
}

export const timeText = (zone: string, instant: Instant, locale: string) =>
  format(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant));
export const dayText = (zone: string, instant: Instant, locale: string) =>
  format(locale, { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(instant));
export const longDayText = (zone: string, instant: Instant, locale: string) =>
  format(locale, { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(instant),
  );
export const dateText = (
  date: LocalDate,
  locale: string,
  options: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' },
) => format(locale, { timeZone: 'UTC', ...options }).format(utcOf(date));

/** The day and the time of what was done, on the clock of the device: for records and lists, not for visits. */
export const momentText = (instant: Instant, locale: string, seconds = false) =>
  format(locale, { dateStyle: 'medium', timeStyle: seconds ? 'medium' : 'short', hourCycle: 'h23' }).format(
    new Date(instant),
  );

/** "November 2026" or "November – December 2026". */
export const monthsText = (from: LocalDate, to: LocalDate, locale: string) =>
  format(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' }).formatRange(utcOf(from), utcOf(to));

export function zoneName(zone: string, instant: Instant, locale: string) {
  const part = format(locale, { timeZone: zone, timeZoneName: 'long' })
    .formatToParts(new Date(instant))
    .find((p) => p.type === 'timeZoneName');
  return part?.value ?? zone;
}
/** True if a clock in the browser's zone shows another time than the clinic's at that instant. */
export function zoneDiffers(zone: string, instant: Instant) {
  const here = format('en-GB', { dateStyle: 'short', timeStyle: 'short' });
  const there = format('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone: zone });
  return here.format(new Date(instant)) !== there.format(new Date(instant));
}

export function moneyText(money: Money, locale: string) {
  const style: Intl.NumberFormatOptions = { style: 'currency', currency: money.currency };
  const digits = new Intl.NumberFormat(locale, style).resolvedOptions().maximumFractionDigits ?? 2;
  const amount = money.amount_minor / 10 ** digits;
  return new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : digits,
  }).format(amount);
}

/** "4:05" of what is left; rounds up, so that 0:00 is shown only when nothing is left. */
export function leftText(leftMs: number) {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The zone of this device under its present name: browsers still tell some by the name of a city's past. */
export function zoneHere(told = Intl.DateTimeFormat().resolvedOptions().timeZone) {
  const renamed: Record<string, string> = { 'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Katmandu': 'Asia/Kathmandu' };
  return renamed[told] ?? told;
}
