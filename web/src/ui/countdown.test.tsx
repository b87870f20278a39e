import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Countdown, warningOf } from './countdown';

describe('countdown warning', () => {
  it.each([
    [300_000, 300_000, undefined],
    [120_000, 300_000, 'two_minutes'],
    [60_001, 300_000, 'two_minutes'],
    [60_000, 300_000, 'one_minute'],
    [0, 300_000, 'ended'],
    // Opened late: nobody is told of a mark that had passed before.
    [90_000, 90_000, undefined],
    [30_000, 30_000, undefined],
  ])('with %d of %d ms left says %s', (left, started, expected) => expect(warningOf(left, started)).toBe(expected));

  it('speaks politely at one minute and shows the same in words', () => {
    const view = render(<Countdown leftMs={70_000} totalMs={300_000} label="Held" />);
    expect(screen.getByTestId('time-warning').textContent).toBe('');
    view.rerender(<Countdown leftMs={59_000} totalMs={300_000} label="Held" />);
    expect(screen.getByTestId('time-warning').getAttribute('aria-live')).toBe('polite');
    expect(screen.getByTestId('time-warning').textContent).toContain('1 minute');
    expect(screen.getByTestId('time-left').textContent).toBe('0:59');
  });
});
