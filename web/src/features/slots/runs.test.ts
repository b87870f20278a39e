import { describe, expect, it } from 'vitest';
import type { Slot, SlotStatus } from '../../api/types';
import { offersByDay, runAt, runStatus } from './runs';

const letters: Record<string, SlotStatus> = { f: 'free', h: 'held', b: 'booked' };
/** "ff hb" is two free slots, a gap, a held and a booked one, 20 minutes each from 03:30 UTC. */
function slotsOf(text: string): Slot[] {
  const start = Date.parse('2026-12-01T03:30:00Z');
  return [...text].flatMap((letter, i) => {
    const status = letters[letter];
    const at = (k: number) => new Date(start + k * 1_200_000).toISOString();
    return status ? [{ starts_at: at(i), ends_at: at(i + 1), hospital_id: 1, status }] : [];
  });
}

describe('run status', () => {
  it.each([
    ['ffff', 0, 1, 'free'],
    ['ffff', 1, 3, 'free'],
    ['ffff', 2, 3, 'short'],
    ['ff ff', 1, 2, 'short'],
    ['fhff', 0, 2, 'held'],
    ['fbff', 0, 2, 'short'],
    ['hfff', 0, 1, 'held'],
    ['bfff', 0, 2, 'booked'],
  ])('%s from %d for %d slots is %s', (text, index, count, expected) => {
    expect(runStatus(slotsOf(text), index, count)).toBe(expected);
  });

  it('does not join two hospitals', () => {
    const [a, b] = slotsOf('ff');
    expect(a && b && runAt([a, { ...b, hospital_id: 2 }], 0, 2)).toBeUndefined();
  });
});

describe('what a day offers', () => {
  it('counts starts that fit, on the clinic calendar', () => {
    expect(offersByDay(slotsOf('ffhbff'), 'Asia/Kolkata', 2)).toEqual(
      new Map([['2026-12-01', { free: 2, held: 1, all: 6 }]]),
    );
  });
});
