import { fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { DayGrid, dayAfterKey } from './day_grid';

function Harness({ today = '2026-12-02', last = '2027-01-15' }) {
  const [start, setStart] = useState('2026-11-30');
  const [selected, setSelected] = useState(today);
  const offers = new Map([
    ['2026-12-02', { free: 3, held: 0, all: 9 }],
    ['2026-12-03', { free: 0, held: 2, all: 9 }],
    ['2026-12-04', { free: 0, held: 0, all: 9 }],
  ]);
  return (
    <DayGrid
      start={start}
      selected={selected}
      today={today}
      last={last}
      offers={offers}
      onSelect={setSelected}
      onStart={setStart}
    />
  );
}
const day = (date: string) => document.querySelector<HTMLElement>(`[data-day="${date}"]`);
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

describe('day grid', () => {
  it.each([
    ['ArrowRight', '2026-12-03'],
    ['ArrowDown', '2026-12-09'],
    ['Home', '2026-11-30'],
    ['End', '2026-12-06'],
    ['PageDown', '2026-12-16'],
    ['a', undefined],
  ])('%s leads to %s', (key, expected) => expect(dayAfterKey(key, '2026-12-02')).toBe(expected));

  it('has one Tab stop, which the arrow keys move', () => {
    render(<Harness />);
    expect(document.querySelectorAll('[data-day][tabindex="0"]').length).toBe(1);
    day('2026-12-02')?.focus();
    press('ArrowRight');
    expect(document.activeElement).toBe(day('2026-12-03'));
    expect(day('2026-12-03')?.tabIndex).toBe(0);
    expect(document.querySelectorAll('[data-day][tabindex="0"]').length).toBe(1);
  });

  it('goes to the next two weeks with the keyboard, and not before today', () => {
    render(<Harness />);
    day('2026-12-02')?.focus();
    press('PageDown');
    expect(document.activeElement).toBe(day('2026-12-16'));
    press('PageUp');
    press('PageUp');
    expect(document.activeElement).toBe(day('2026-12-02'));
  });

  it('says in words what a day offers', () => {
    render(<Harness />);
    expect(screen.getByRole('button', { name: /2 December, 3 times free/ })).toBeTruthy();
    expect(day('2026-12-03')?.textContent).toContain('on hold');
    expect(day('2026-12-04')?.textContent).toContain('fully booked');
    expect(day('2026-12-01')?.getAttribute('aria-disabled')).toBe('true');
  });
});
