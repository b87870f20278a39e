// Pure rules about slots: which consecutive slots a visit of n slots would take, and what a day offers.
import type { LocalDate, Slot } from '../../api/types';
import { dateIn } from '../../app/time';

/** The n consecutive slots that begin at index, whatever their status; undefined if the session ends before. */
export function runAt(slots: Slot[], index: number, count: number): Slot[] | undefined {
  const run = slots.slice(index, index + count);
  const together = run.every(
    (slot, i) => i === 0 || (slot.starts_at === run[i - 1]?.ends_at && slot.hospital_id === run[i - 1]?.hospital_id),
  );
  return run.length === count && together ? run : undefined;
}

/** free: can be taken now; held: could become free; booked: cannot; short: fewer than n slots follow. */
export type RunStatus = 'free' | 'held' | 'booked' | 'short';
export function runStatus(slots: Slot[], index: number, count: number): RunStatus {
  const own = slots[index]?.status;
  if (own !== 'free') return own ?? 'booked';
  const run = runAt(slots, index, count);
  if (!run || run.some((s) => s.status === 'booked')) return 'short';
  return run.every((s) => s.status === 'free') ? 'free' : 'held';
}

export interface DayOffer {
  free: number;
  held: number;
  all: number;
}
/** What each day offers for a visit of n slots. `held` counts starts that could become free. */
export function offersByDay(slots: Slot[], zone: string, count: number): Map<LocalDate, DayOffer> {
  const days = new Map<LocalDate, DayOffer>();
  slots.forEach((slot, index) => {
    const day = dateIn(zone, slot.starts_at);
    const offer = days.get(day) ?? { free: 0, held: 0, all: 0 };
    offer.all += 1;
    const run = runAt(slots, index, count);
    if (run?.every((s) => s.status === 'free')) offer.free += 1;
    else if (run?.every((s) => s.status !== 'booked')) offer.held += 1;
    days.set(day, offer);
  });
  return days;
}
